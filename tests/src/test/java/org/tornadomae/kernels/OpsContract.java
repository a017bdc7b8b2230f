package org.tornadomae.kernels;

/// Every operation of [Ops] on sizes that break tails, against double references and finite differences; one tiny
/// subclass per executor.
abstract class OpsContract implements MatmulContract, LayerNormContract, ElementwiseContract, AttentionContract,
        PatchContract, TokenContract, LossContract, OptimizerContract, ClassifierContract {
}
