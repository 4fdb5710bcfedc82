using System.Runtime.InteropServices;

namespace FlowKit;

/// <summary>A small computation whose answer is known: whether the libtorch under TorchSharp's shim computes a product, a gradient and a determinant.</summary>
/// <remarks>It calls the shim's functions by their names, since TorchSharp, which would call them, is still being loaded. An exception of libtorch is an error text here, as it is for TorchSharp.</remarks>
internal static unsafe class LibTorchProbe
{
    private const int Size = 3, Cpu = 0;
    private const sbyte Float64 = 7;

    private static readonly double[] left = [4, 1, 0, 2, 5, 1, 0, 3, 6], right = [1, 2, 3, 0, 1, 4, 5, 6, 0];       // row by row

    /// <summary>Computes.</summary>
    /// <param name="shim">TorchSharp's native library, loaded.</param>
    /// <param name="deviceType">0 for the CPU, 1 for CUDA.</param>
    /// <param name="deviceIndex">Which one; -1 for the CPU.</param>
    /// <returns>What is wrong; null if nothing is.</returns>
    public static string? Run(nint shim, int deviceType = Cpu, int deviceIndex = -1)
    {
        var made = new Stack<nint>();
        var dispose = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(shim, "THSTensor_dispose");
        try
        {
            nint a = Moved(Matrix(left)), b = Moved(Matrix(right));
            ((delegate* unmanaged<nint, byte, void>)Function("THSTensor_set_requires_grad"))(a, 1);
            nint product = Checked(((delegate* unmanaged<nint, nint, nint>)Function("THSTensor_matmul"))(a, b));
            nint sum = Checked(((delegate* unmanaged<nint, byte, sbyte, nint>)Function("THSTensor_sum"))(product, 0, 0));
            ((delegate* unmanaged<nint, void>)Function("THSTensor_backward"))(sum);
            Checked();
            nint gradient = Checked(((delegate* unmanaged<nint, nint>)Function("THSTensor_grad"))(a));
            nint logDet = 0, sign = ((delegate* unmanaged<nint, nint*, nint>)Function("THSLinalg_slogdet"))(a, &logDet);
            Checked(sign);
            Checked(logDet);

            double[] ab = new double[Size * Size], g = new double[Size * Size];
            for (int i = 0; i < Size; i++)
                for (int j = 0; j < Size; j++)
                    for (int k = 0; k < Size; k++)
                    {
                        ab[Size * i + k] += left[Size * i + j] * right[Size * j + k];
                        g[Size * i + j] += right[Size * j + k];                               // d sum(a b) / da
                    }
            return Compare("product", product, ab) ?? Compare("gradient", gradient, g) ?? Compare("sign of a determinant", sign, [1]) ?? Compare("logarithm of a determinant", logDet, [Math.Log(96)]);
        }
        catch (ExternalException e)
        {
            return $"the probe failed: {e.Message.Split('\n')[0]}";
        }
        catch (EntryPointNotFoundException e)
        {
            return e.Message;
        }
        finally
        {
            while (made.TryPop(out nint tensor)) dispose(tensor);
        }

        nint Function(string name) => NativeLibrary.GetExport(shim, name);

        nint Checked(nint tensor = -1)
        {
            nint error = ((delegate* unmanaged<nint>)Function("THSTorch_get_and_reset_last_err"))();
            if (tensor > 0) made.Push(tensor);
            return error != 0 || tensor == 0 ? throw new ExternalException(Marshal.PtrToStringUTF8(error) ?? "no tensor was made") : tensor;
        }

        nint Matrix(double[] values)
        {
            long* sizes = stackalloc long[] { Size, Size };
            nint tensor = Checked(((delegate* unmanaged<long*, int, sbyte, int, int, byte, nint>)Function("THSTensor_ones"))(sizes, 2, Float64, Cpu, -1, 0));
            values.CopyTo(Data(tensor, values.Length));
            return tensor;
        }

        nint Moved(nint tensor) =>
            deviceType == Cpu ? tensor : Checked(((delegate* unmanaged<nint, int, int, byte, byte, nint>)Function("THSTensor_to_device"))(tensor, deviceType, deviceIndex, 0, 0));

        Span<double> Data(nint tensor, int count) => new((void*)((delegate* unmanaged<nint, nint>)Function("THSTensor_data"))(tensor), count);

        string? Compare(string what, nint tensor, double[] expected)
        {
            nint here = Checked(((delegate* unmanaged<nint, int, int, byte, byte, nint>)Function("THSTensor_to_device"))(tensor, Cpu, -1, 1, 0));
            var found = Data(here, expected.Length);
            for (int i = 0; i < expected.Length; i++)
                if (!(Math.Abs(found[i] - expected[i]) <= 1e-9)) return $"its {what} is wrong: expected {expected[i]:R}, got {found[i]:R}";
            return null;
        }
    }
}
