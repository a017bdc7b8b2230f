package org.tornadomae.nn.mpi;

/// The functions of MPI that are called, with the types of their arguments: `h` a handle, `i` an int, `p` a pointer.
enum MpiFunction {
    INIT_THREAD("MPI_Init_thread", "ppip"),
    FINALIZE("MPI_Finalize", ""),
    ABORT("MPI_Abort", "hi"),
    COMM_SIZE("MPI_Comm_size", "hp"),
    COMM_RANK("MPI_Comm_rank", "hp"),
    COMM_SPLIT_TYPE("MPI_Comm_split_type", "hiihp"),
    COMM_SET_ERRHANDLER("MPI_Comm_set_errhandler", "hh"),
    ERROR_STRING("MPI_Error_string", "ipp"),
    BARRIER("MPI_Barrier", "h"),
    BCAST("MPI_Bcast", "pihih"),
    ALLGATHERV("MPI_Allgatherv", "pihppphh"),
    ALLTOALLV("MPI_Alltoallv", "ppphppphh");

    final String symbol;
    final String arguments;

    MpiFunction(String symbol, String arguments) {
        this.symbol = symbol;
        this.arguments = arguments;
    }
}
