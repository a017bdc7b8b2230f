#pragma OPENCL EXTENSION cl_khr_fp64 : enable  
#pragma OPENCL EXTENSION cl_khr_fp16 : enable  
#pragma OPENCL EXTENSION cl_khr_int64_base_atomics : enable  
__kernel void pinFloats(__global long *_kernel_context, __constant uchar *_constant_region, __local uchar *_local_region, __global int *_atomics, __global uchar *never, __global uchar *a, __global uchar *b, __global uchar *c, __global uchar *d, __global uchar *e, __global uchar *f, __global uchar *g, __global uchar *h, __global uchar *k, __global uchar *m)
{
  bool b_17; 
  int i_51, i_16, i_15, i_14, i_13, i_11; 
  long l_20, l_18, l_19; 
  ulong ul_10, ul_42, ul_45, ul_12, ul_48, ul_21, ul_24, ul_27, ul_30, ul_1, ul_33, ul_0, ul_3, ul_2, ul_5, ul_4, ul_36, ul_7, ul_39, ul_6, ul_9, ul_8; 
  float f_41, f_43, f_44, f_46, f_47, f_34, f_35, f_37, f_38, f_40, f_25, f_26, f_28, f_29, f_31, f_32, f_49, f_50, f_22, f_23; 

  // BLOCK 0
  ul_0  =  (ulong) never;
  ul_1  =  (ulong) a;
  ul_2  =  (ulong) b;
  ul_3  =  (ulong) c;
  ul_4  =  (ulong) d;
  ul_5  =  (ulong) e;
  ul_6  =  (ulong) f;
  ul_7  =  (ulong) g;
  ul_8  =  (ulong) h;
  ul_9  =  (ulong) k;
  ul_10  =  (ulong) m;
  i_11  =  get_global_size(0);
  ul_12  =  ul_0 + 16L;
  i_13  =  get_global_id(0);
  // BLOCK 1 MERGES [0 5 ]
  i_14  =  i_13;
  for(;i_14 < 1;)
  {
    // BLOCK 2
    i_15  =  *((__global int *) ul_12);
    i_16  =  i_11 + i_14;
    b_17  =  i_15 == 1;
    if(b_17)
    {
      // BLOCK 3
      l_18  =  (long) i_14;
      l_19  =  l_18 << 2;
      l_20  =  l_19 + 16L;
      ul_21  =  ul_1 + l_20;
      f_22  =  *((__global float *) ul_21);
      f_23  =  f_22 + 1.0F;
      *((__global float *) ul_21)  =  f_23;
      ul_24  =  ul_2 + l_20;
      f_25  =  *((__global float *) ul_24);
      f_26  =  f_25 + 1.0F;
      *((__global float *) ul_24)  =  f_26;
      ul_27  =  ul_3 + l_20;
      f_28  =  *((__global float *) ul_27);
      f_29  =  f_28 + 1.0F;
      *((__global float *) ul_27)  =  f_29;
      ul_30  =  ul_4 + l_20;
      f_31  =  *((__global float *) ul_30);
      f_32  =  f_31 + 1.0F;
      *((__global float *) ul_30)  =  f_32;
      ul_33  =  ul_5 + l_20;
      f_34  =  *((__global float *) ul_33);
      f_35  =  f_34 + 1.0F;
      *((__global float *) ul_33)  =  f_35;
      ul_36  =  ul_6 + l_20;
      f_37  =  *((__global float *) ul_36);
      f_38  =  f_37 + 1.0F;
      *((__global float *) ul_36)  =  f_38;
      ul_39  =  ul_7 + l_20;
      f_40  =  *((__global float *) ul_39);
      f_41  =  f_40 + 1.0F;
      *((__global float *) ul_39)  =  f_41;
      ul_42  =  ul_8 + l_20;
      f_43  =  *((__global float *) ul_42);
      f_44  =  f_43 + 1.0F;
      *((__global float *) ul_42)  =  f_44;
      ul_45  =  ul_9 + l_20;
      f_46  =  *((__global float *) ul_45);
      f_47  =  f_46 + 1.0F;
      *((__global float *) ul_45)  =  f_47;
      ul_48  =  ul_10 + l_20;
      f_49  =  *((__global float *) ul_48);
      f_50  =  f_49 + 1.0F;
      *((__global float *) ul_48)  =  f_50;
      *((__global int *) ul_12)  =  0;
    }  // B2
    else
    {
      // BLOCK 4
    }  // B2
    // BLOCK 5 MERGES [4 3 ]
    i_51  =  i_16;
    i_14  =  i_51;
  }  // B1
  // BLOCK 6
  return;
}  //  kernel
