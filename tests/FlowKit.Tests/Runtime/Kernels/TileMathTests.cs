using System.Numerics;

namespace FlowKit.Tests.Runtime.Kernels;

public unsafe class TileMathTests
{
    [Theory]
    [InlineData(64, 64)]
    [InlineData(64, 3)]
    [InlineData(1, 17)]
    [InlineData(37, 8)]
    [InlineData(63, 70)]
    [InlineData(5, 0)]
    [InlineData(0, 5)]
    public void Samples_go_into_a_tile_and_back(int count, int features)
    {
        Check<float>();
        Check<double>();

        void Check<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int step = features + 5;
            T[] rows = new T[count * step + 1], tile = new T[(features + 1) * Tile.Lanes], back = new T[rows.Length];
            for (int i = 0; i < rows.Length; i++) rows[i] = T.CreateChecked(i + 1);
            Array.Fill(tile, T.NaN);
            fixed (T* from = rows, to = tile, again = back)
            {
                TileMath.Load(from, step, count, features, to);
                for (int feature = 0; feature < features; feature++)
                    for (int lane = 0; lane < Tile.Lanes; lane++)
                        Assert.Equal(lane < count ? rows[lane * step + feature] : T.Zero, tile[feature * Tile.Lanes + lane]);
                Assert.All(tile[(features * Tile.Lanes)..], number => Assert.True(T.IsNaN(number)));

                TileMath.Store(to, features, again, step, count);
            }
            for (int i = 0; i < rows.Length; i++) Assert.Equal(i / step < count && i % step < features ? rows[i] : T.Zero, back[i]);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(64, 1)]
    [InlineData(65, 2)]
    public void A_batch_takes_as_many_tiles_as_hold_it(long rows, int tiles) => Assert.Equal(tiles, Tile.Count(rows));
}
