using FlowKit.Data;

namespace FlowKit.Tests.Data;

public class FashionMnistTests
{
    [Theory]
    [InlineData(28)]
    [InlineData(14)]
    public void The_split_covers_ten_thousand_pictures_of_ten_classes(int side)
    {
        var (train, validation, test) = FashionMnist.Split(side);
        Assert.Equal([7500, 1, side, side], train.Images.shape);
        Assert.Equal((500, 2000), (validation.Images.size(0), test.Images.size(0)));
        var labels = cat([train.Labels, validation.Labels, test.Labels]);
        Assert.All(labels.bincount(null, 0).data<long>().ToArray(), count => Assert.Equal(1000, count));
        Assert.Equal(0, FlowKit.Laws.Expect.Distance(train.Images, train.Images.round().clamp(0, 255)));
    }

    [Fact]
    public void Small_pictures_are_means_of_blocks()
    {
        var (large, small) = (FashionMnist.Split(28).Test.Images, FashionMnist.Split(14).Test.Images);
        var mean = (large.slice(2, 0, 28, 2).slice(3, 0, 28, 2) + large.slice(2, 1, 28, 2).slice(3, 0, 28, 2) + large.slice(2, 0, 28, 2).slice(3, 1, 28, 2) + large.slice(2, 1, 28, 2).slice(3, 1, 28, 2)) / 4;
        Assert.Equal(0, FlowKit.Laws.Expect.Distance(mean.round(), small));
        Assert.Throws<ArgumentOutOfRangeException>(() => FashionMnist.Split(7));
    }

    [Fact]
    public void A_seed_chooses_other_pictures_of_the_same_set()
    {
        var (train, validation, test) = FashionMnist.Split(14, seed: 1);
        Assert.Equal((7500, 500, 2000), (train.Images.size(0), validation.Images.size(0), test.Images.size(0)));
        Assert.All(cat([train.Labels, validation.Labels, test.Labels]).bincount(null, 0).data<long>().ToArray(), count => Assert.Equal(1000, count));
        Assert.Equal(0, FlowKit.Laws.Expect.Distance(test.Images, FashionMnist.Split(14, seed: 1).Test.Images));
        Assert.NotEqual(0, FlowKit.Laws.Expect.Distance(test.Images, FashionMnist.Split(14, seed: 2).Test.Images));
        var (all, row) = (FashionMnist.Split(14), Partition.OfSizes(10_000, 1, 7500, 500, 2000)[2][3].ToInt64());
        Assert.Equal(0, FlowKit.Laws.Expect.Distance(test.Images[3], cat([all.Train.Images, all.Validation.Images, all.Test.Images])[row]));
    }

    [Fact]
    public void Photographs_fall_into_patches_by_picture()
    {
        var (train, validation, test) = Photographs.Patches();
        Assert.Equal([3721, 3, 32, 32], train.shape);                      // 61 x 61
        Assert.Equal((12 * 18, 9 * 14), (validation.size(0), test.size(0)));
        using var cup = Photographs.Load("coffee");
        Assert.Equal(0, FlowKit.Laws.Expect.Distance(validation[0], cup.narrow(1, 0, 32).narrow(2, 0, 32).to(float32)));
        using var cat = Photographs.Load("chelsea");
        Assert.Equal(0, FlowKit.Laws.Expect.Distance(test[1], cat.narrow(1, 0, 32).narrow(2, 32, 32).to(float32)));
        Assert.Throws<ArgumentException>(() => Photographs.Load("dog"));
    }
}
