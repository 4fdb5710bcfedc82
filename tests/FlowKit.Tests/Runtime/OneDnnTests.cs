using FlowKit.Conditioners;

namespace FlowKit.Tests.Runtime;

public class OneDnnTests
{
    [Fact]
    public void Once_there_is_an_image_network_the_gradients_of_convolutions_are_right()
    {
        _ = new DenseNet(1, 1, growth: 2);
        for (int i = 0; i < 20; i++) Assert.InRange(OneDnn.GradientError(), 0, 1e-3);
    }

    [Fact]
    public void The_check_moves_no_random_stream()
    {
        manual_seed(3);
        double expected = randn(1).ToDouble();
        manual_seed(3);
        OneDnn.GradientError();
        Assert.Equal(expected, randn(1).ToDouble());
    }
}
