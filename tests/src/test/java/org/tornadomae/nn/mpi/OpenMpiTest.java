package org.tornadomae.nn.mpi;

import org.tornadomae.nn.mpi.Mpirun.Family;

class OpenMpiTest extends MpiContract {
    OpenMpiTest() {
        super(Family.OPEN_MPI, Family.MPICH);
    }
}
