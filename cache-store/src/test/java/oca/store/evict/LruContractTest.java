package oca.store.evict;

class LruContractTest extends EvictionPolicyContract {
  @Override
  EvictionPolicies which() {
    return EvictionPolicies.LRU;
  }
}
