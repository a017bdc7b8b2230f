package org.tornadomae.kernels.tornado;

import java.util.Map;
import org.tornadomae.kernels.Tensor;

/// Where kernels find the numbers of their tensors.
interface Placement {
    /// Where programs find them: each tensor where it is.
    Placement IN_PLACE = new Placement() {
        @Override
        public int at(Tensor tensor) {
            return tensor.at();
        }

        @Override
        public Map<Object, Integer> lengths() {
            return Map.of();
        }
    };

    /// The start of layer 0 of a tensor of floats in its array.
    int at(Tensor tensor);

    /// Elements that the launch now complete needs of each array, where that is not all of it. The next launch starts
    /// anew.
    Map<Object, Integer> lengths();
}
