package oca.store.evict;

class S3FifoContractTest extends EvictionPolicyContract {
  @Override
  EvictionPolicies which() {
    return EvictionPolicies.S3FIFO;
  }
}
