package oca.store.evict;

class SieveContractTest extends EvictionPolicyContract {
  @Override
  EvictionPolicies which() {
    return EvictionPolicies.SIEVE;
  }
}
