package oca.store.evict;

class FifoContractTest extends EvictionPolicyContract {
  @Override
  EvictionPolicies which() {
    return EvictionPolicies.FIFO;
  }
}
