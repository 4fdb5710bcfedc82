using System.Numerics;
using FlowKit.Data;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Data;

public class AdditionTests
{
    [Theory, InlineData(1), InlineData(10), InlineData(20)]
    public void Sums_are_those_of_the_operands(int digits)
    {
        var (sums, operands) = Addition.Draw(200, digits, seed: 3);
        var (a, b) = (operands.narrow(2, 0, 10), operands.narrow(2, 10, 10));
        Assert.Equal(0, Distance(operands.sum(2), full(200, digits, 2.0)));
        for (int row = 0; row < 200; row++)
            Assert.Equal((Number(a[row].argmax(-1)) + Number(b[row].argmax(-1))) % BigInteger.Pow(10, digits), Number(sums[row].to(int64)));
        Assert.Equal(0, Distance(sums, Addition.Draw(200, digits, seed: 3).Sums));

        static BigInteger Number(Tensor places) => places.data<long>().ToArray().Aggregate(BigInteger.Zero, (value, digit) => value * 10 + digit);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void The_nats_of_reading_from_left_to_right_are_those_of_counting(int digits)
    {
        // H(s_i | digits of the operands and of the sum at its own and more significant places), over all pairs of operands.
        int count = (int)Math.Pow(10, digits);
        double expected = 0;
        for (int place = digits - 1; place >= 0; place--)
        {
            int unit = (int)Math.Pow(10, place);
            var counts = new Dictionary<(int A, int B, int Before), int[]>();
            for (int a = 0; a < count; a++)
            {
                for (int b = 0; b < count; b++)
                {
                    int sum = (a + b) % count;
                    var seen = (a / unit, b / unit, sum / (unit * 10));
                    if (!counts.TryGetValue(seen, out int[]? next)) counts[seen] = next = new int[10];
                    next[sum / unit % 10]++;
                }
            }
            expected -= counts.Values.Sum(next => next.Where(n => n > 0).Sum(n => n * Math.Log((double)n / next.Sum()))) / ((double)count * count);
        }
        Assert.Equal(expected, Addition.LeftToRightEntropy(digits), 1e-10);
    }

    [Fact]
    public void Too_few_digits_are_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>("digits", () => Addition.Draw(5, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => Addition.Draw(-1, 3, 0));
        Assert.Throws<ArgumentOutOfRangeException>("digits", () => Addition.LeftToRightEntropy(0));
    }
}
