namespace FlowKit.Tests.Runtime;

public class ScalarReadingTests
{
    [Fact]
    public void Reading_a_scalar_leaves_the_tensor_alive_and_nothing_behind()
    {
        using var scope = NewDisposeScope();
        Tensor[] all = [tensor(2.5), tensor(2.5f).requires_grad_(), tensor(2L), tensor(true), tensor(new[] { 2.5 })];
        long before = FlowKit.Laws.Expect.LiveTensors;
        Assert.Equal([2.5, 2.5, 2, 1, 2.5], all.Select(x => x.ToDouble()));
        Assert.Equal([2, 2, 2, 1, 2], all.Select(x => x.ToInt64()));
        Assert.All(all, x => Assert.True(x.ToBoolean()));
        Assert.Equal(before, FlowKit.Laws.Expect.LiveTensors);
        Assert.All(all, x => Assert.False(x.IsInvalid));
        Assert.Throws<ArgumentException>(() => zeros(2).ToDouble());
    }
}
