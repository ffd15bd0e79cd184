package oca.store.evict;

class DemandContractTest extends EvictionPolicyContract {
  @Override
  EvictionPolicies which() {
    return EvictionPolicies.DEMAND;
  }
}
