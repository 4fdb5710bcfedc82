using CsCheck;

namespace FlowKit.Tests;

public class RowBlocksTests
{
    [Fact]
    public void Blocks_follow_each_other_and_are_nearly_of_one_size() =>
        Gen.Select(Gen.Long[1, 200_000], Gen.Long[1, 20_000]).Sample((rows, dimensions) =>
        {
            long most = RowBlocks.Most(dimensions, isOnCpu: true), unit = Math.Min(RowBlocks.Unit, most);
            var blocks = RowBlocks.Of(rows, most).ToArray();
            Assert.Equal(blocks.Select(block => block.Start + block.Rows), [.. blocks.Skip(1).Select(block => block.Start), rows]);
            Assert.Equal(0, blocks[0].Start);
            Assert.All(blocks, block => Assert.True(block.Start % unit == 0 && block.Rows <= most && block.Rows > 0));
            Assert.True(blocks.Max(block => block.Rows) - blocks.Min(block => block.Rows) < 2 * unit);
            Assert.Equal((rows + most - 1) / most, blocks.Length);
        }, iter: 300);

    [Theory]
    [InlineData(1, 16_384)]
    [InlineData(2, 16_384)]
    [InlineData(63, 6_336)]
    [InlineData(3_072, 128)]
    [InlineData(196_608, 2)]
    [InlineData(1_000_000, 1)]
    public void Larger_events_come_in_smaller_blocks(long dimensions, long rows) => Assert.Equal(rows, RowBlocks.Most(dimensions, isOnCpu: true));
}
