package org.tornadomae.kernels.tornado;

import static uk.ac.manchester.tornado.api.common.TaskPackage.createPackage;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task11;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task12;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task13;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task14;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task15;

/// One computation as a plain loop and as a kernel for GPUs, which takes the same arguments behind its context. The
/// methods differ in the number of arguments only: TornadoVM's functions have a type for each.
///
/// @param plain the loop
/// @param tiled the kernel for GPUs
record TwinTasks(TaskPackage plain, TaskPackage tiled) {
    static <T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11> TwinTasks of(String id,
            Task11<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11> plain,
            Task12<KernelContext, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11> tiled, T1 t1, T2 t2, T3 t3, T4 t4,
            T5 t5, T6 t6, T7 t7, T8 t8, T9 t9, T10 t10, T11 t11) {
        return new TwinTasks(createPackage(id, plain, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11),
                createPackage(id, tiled, new KernelContext(), t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11));
    }

    static <T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12> TwinTasks of(String id,
            Task12<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12> plain,
            Task13<KernelContext, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12> tiled, T1 t1, T2 t2, T3 t3, T4 t4,
            T5 t5, T6 t6, T7 t7, T8 t8, T9 t9, T10 t10, T11 t11, T12 t12) {
        return new TwinTasks(createPackage(id, plain, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12),
                createPackage(id, tiled, new KernelContext(), t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12));
    }

    static <T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14> TwinTasks of(String id,
            Task14<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14> plain,
            Task15<KernelContext, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14> tiled, T1 t1, T2 t2,
            T3 t3, T4 t4, T5 t5, T6 t6, T7 t7, T8 t8, T9 t9, T10 t10, T11 t11, T12 t12, T13 t13, T14 t14) {
        return new TwinTasks(createPackage(id, plain, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13,
                t14),
                createPackage(id, tiled, new KernelContext(), t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12,
                        t13, t14));
    }
}
