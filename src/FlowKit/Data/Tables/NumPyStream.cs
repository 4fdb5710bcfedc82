namespace FlowKit.Data;

/// <summary>The random stream of NumPy's RandomState: the Mersenne Twister of M. Matsumoto, T. Nishimura 1998 (32 bits, period 2^19937 - 1), for splits that papers fixed by a seed of it.</summary>
internal sealed class NumPyStream
{
    private const int Length = 624, Middle = 397;

    private readonly uint[] state = new uint[Length];
    private int next = Length;

    public NumPyStream(uint seed)
    {
        state[0] = seed;
        for (uint i = 1; i < Length; i++) state[i] = unchecked(1812433253 * (state[i - 1] ^ state[i - 1] >> 30) + i);
    }

    /// <summary>Uniform on [0, 1) with 53 bits, in the order of rand.</summary>
    public double[] Uniform(long count)
    {
        double[] values = new double[count];
        for (int i = 0; i < values.Length; i++) values[i] = ((Next() >> 5) * 67108864.0 + (Next() >> 6)) / 9007199254740992;
        return values;
    }

    /// <summary>Rows 0..N-1 as shuffle leaves them.</summary>
    public long[] Permutation(long count)
    {
        long[] rows = new long[count];
        for (int i = 0; i < rows.Length; i++) rows[i] = i;
        for (int i = rows.Length - 1; i > 0; i--)
        {
            uint j = Below((uint)i);
            (rows[i], rows[j]) = (rows[j], rows[i]);
        }
        return rows;
    }

    // Uniform on 0..most: as many bits as most has, drawn until they are no more.
    private uint Below(uint most)
    {
        uint mask = uint.MaxValue >> System.Numerics.BitOperations.LeadingZeroCount(most), value;
        do value = Next() & mask;
        while (value > most);
        return value;
    }

    private uint Next()
    {
        if (next == Length) Twist();
        uint y = state[next++];
        y ^= y >> 11;
        y ^= y << 7 & 0x9D2C5680;
        y ^= y << 15 & 0xEFC60000;
        return y ^ y >> 18;
    }

    private void Twist()
    {
        for (int i = 0; i < Length; i++)
        {
            uint y = state[i] & 0x80000000 | state[(i + 1) % Length] & 0x7FFFFFFF;
            state[i] = state[(i + Middle) % Length] ^ y >> 1 ^ ((y & 1) == 0 ? 0 : 0x9908B0DF);
        }
        next = 0;
    }
}
