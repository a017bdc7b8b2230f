package org.tornadomae.nn.mpi;

import org.tornadomae.nn.mpi.Mpirun.Family;

class MpichTest extends MpiContract {
    MpichTest() {
        super(Family.MPICH, Family.OPEN_MPI);
    }
}
