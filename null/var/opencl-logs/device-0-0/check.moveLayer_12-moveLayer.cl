#pragma OPENCL EXTENSION cl_khr_fp64 : enable  
#pragma OPENCL EXTENSION cl_khr_fp16 : enable  
#pragma OPENCL EXTENSION cl_khr_int64_base_atomics : enable  
__kernel void moveLayer(__global long *_kernel_context, __constant uchar *_constant_region, __local uchar *_local_region, __global int *_atomics, __global uchar *layer, __private int by, __private int layers)
{
  int i_9, i_8, i_11, i_10, i_1, i_3, i_2; 
  ulong ul_0, ul_7; 
  long l_4, l_5, l_6; 

  // BLOCK 0
  ul_0  =  (ulong) layer;
  i_1  =  get_global_size(0);
  i_2  =  get_global_id(0);
  // BLOCK 1 MERGES [0 2 ]
  i_3  =  i_2;
  for(;i_3 < 1;)
  {
    // BLOCK 2
    l_4  =  (long) i_3;
    l_5  =  l_4 << 2;
    l_6  =  l_5 + 16L;
    ul_7  =  ul_0 + l_6;
    i_8  =  *((__global int *) ul_7);
    i_9  =  i_8 + 1;
    i_10  =  i_9 % 2;
    *((__global int *) ul_7)  =  i_10;
    i_11  =  i_1 + i_3;
    i_3  =  i_11;
  }  // B1
  // BLOCK 3
  return;
}  //  kernel
