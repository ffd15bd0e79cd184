package oca.store.evict;

class WTinyLfuContractTest extends EvictionPolicyContract {
  @Override
  EvictionPolicies which() {
    return EvictionPolicies.WTINYLFU;
  }
}
