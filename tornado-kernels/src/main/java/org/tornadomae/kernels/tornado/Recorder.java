package org.tornadomae.kernels.tornado;

import static uk.ac.manchester.tornado.api.common.TaskPackage.createPackage;

import org.tornadomae.kernels.AttentionShape;
import org.tornadomae.kernels.ElementType;
import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.Tensor;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.common.TaskPackage;

/// What [TornadoOps] records with: the cursor, the places of tensors, the choice between a plain loop and a kernel for
/// GPUs.
abstract class Recorder implements Ops {
    /// The layer that kernels read; it lives on the device.
    final int[] layer;
    /// Whether matrix products and attention take the form for GPUs.
    final boolean tiled;

    private final Placement placement;
    private final Recording recording = new Recording();
    private boolean looping;

    /// @param layer     the cursor that all programs of a plan share; it is 0 outside of loops
    /// @param tiled     see [TiledMatmulKernels] and [TiledAttentionKernels]
    /// @param placement where kernels find the first layer of their tensors
    Recorder(int[] layer, boolean tiled, Placement placement) {
        this.layer = layer;
        this.tiled = tiled;
        this.placement = placement;
    }

    /// All of it, once the program is emitted.
    final Recording recording() {
        return recording;
    }

    /// Where a kernel finds layer 0 of a tensor that it takes stacked.
    final int at(Tensor tensor) {
        return tensor.type() == ElementType.INT32 ? tensor.at() : placement.at(tensor);
    }

    /// Where a kernel finds a tensor that it does not take stacked.
    final int fixed(Tensor tensor) {
        tensor.fixedAt(looping);
        return at(tensor);
    }

    /// Where a kernel finds a tensor in the array and with the step of another.
    final int beside(Tensor tensor, Tensor other) {
        tensor.atBeside(other);
        return at(tensor);
    }

    /// Where a kernel finds a tensor in the array of another.
    final int in(Tensor tensor, Tensor other) {
        tensor.atIn(other);
        return at(tensor);
    }

    final boolean tilesAttention(AttentionShape shape) {
        return tiled && shape.headSize() <= TiledAttentionKernels.MAX_HEAD_SIZE;
    }

    /// A name for the next task.
    final String id(String kernel) {
        return recording.nextId(kernel);
    }

    /// Records a plain loop.
    ///
    /// @param kernels where it is
    final void record(Class<?> kernels, TaskPackage task) {
        recording.add(kernels, task, placement.lengths());
    }

    /// Records the form for GPUs, if it is the one to use, or the plain loop.
    ///
    /// @param grid threads of the form for GPUs
    final void record(Class<?> kernels, boolean forGpu, WorkerGrid grid, TwinTasks twins) {
        if (forGpu) {
            recording.add(kernels, twins, grid, placement.lengths());
        } else {
            record(kernels, twins.plain());
        }
    }

    /// A forward body moves the cursor on at its end and a reversed one moves it back at its start, both modulo the
    /// number of layers: so it starts right and is 0 again afterwards, without a task of its own for that.
    @Override
    public final void forEachLayer(int layers, boolean reversed, Runnable body) {
        recording.loop(layers, () -> {
            looping = true;
            if (reversed) {
                moveLayer(layers - 1, layers);
            }
            body.run();
            if (!reversed) {
                moveLayer(1, layers);
            }
            looping = false;
        });
    }

    private void moveLayer(int by, int layers) {
        record(DeviceKernels.class, createPackage(id("moveLayer"), DeviceKernels::moveLayer, layer, by, layers));
    }
}
