using System.Security.Cryptography;
using FlowKit.Data;

namespace FlowKit.Tests.Data;

public class DigitsTests
{
    [Fact]
    public void The_embedded_file_is_the_one_its_source_page_names()
    {
        using var stream = typeof(Digits).Assembly.GetManifestResourceStream("FlowKit.data.digits.csv.gz")!;
        Assert.Equal("46abec6b12486ad9e51943373abcf22bbea1b5a51a1619b361570d8893f1464a", Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    [Fact]
    public void There_are_1797_images_of_17_levels_in_ten_classes()
    {
        var digits = Digits.Load();
        Assert.Equal([1797, 64], digits.Images.shape);
        Assert.Equal((0.0, 16.0), (digits.Images.min().ToDouble(), digits.Images.max().ToDouble()));
        Assert.Equal(0, (digits.Images - digits.Images.round()).abs().max().ToDouble());
        Assert.Equal([178, 182, 177, 183, 181, 182, 181, 179, 174, 180], digits.Labels.bincount(null, 0).data<long>().ToArray());
    }

    [Fact]
    public void The_split_is_by_index_and_covers_the_set()
    {
        var (train, validation, test) = Digits.Split();
        Assert.Equal((1300, 100, 397), (train.Images.size(0), validation.Images.size(0), test.Images.size(0)));
        Assert.Equal(0, FlowKit.Laws.Expect.Distance(cat([train.Images, validation.Images, test.Images]), Digits.Load().Images));
    }

    [Fact]
    public void A_seed_chooses_other_digits_with_their_labels()
    {
        var (all, rows) = (Digits.Load(), Partition.OfSizes(Digits.Count, 4, 1300, 100, 397));
        var (train, validation, test) = Digits.Split(seed: 4);
        Assert.Equal((1300, 100, 397), (train.Images.size(0), validation.Images.size(0), test.Images.size(0)));
        Assert.Equal(0, FlowKit.Laws.Expect.Distance(test.Images, all.Images[rows[2]]));
        Assert.Equal(all.Labels[rows[2]].data<long>().ToArray(), test.Labels.data<long>().ToArray());
    }
}
