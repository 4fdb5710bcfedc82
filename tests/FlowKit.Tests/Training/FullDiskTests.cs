using FlowKit.Training;

namespace FlowKit.Tests.Training;

public sealed class FullDiskTests : IDisposable
{
    private readonly SmallDisk disk = new(1 << 20);

    public void Dispose() => disk.Dispose();

    [Theory]
    [InlineData("plain")]
    [InlineData("everything")]
    public void A_training_stops_with_the_file_and_the_cause_and_goes_on_to_the_same_bits_when_there_is_room(string name)
    {
        byte[]? before = null;
        var error = Assert.Throws<CheckpointException>(() => Trainings.Run(name, disk["c"], afterStep: point =>
        {
            if (point.Step != 25) return;
            before = File.ReadAllBytes(disk["c"]);
            disk.Fill();
        }));
        Assert.Contains($"The checkpoint of step 30 cannot be written to {disk["c"]}: No space left on device", error.Message);
        Assert.Contains("The one before it is still there.", error.Message);
        Assert.Equal(before, File.ReadAllBytes(disk["c"]));
        Assert.Equal(["c"], disk.Files);

        Assert.Throws<CheckpointException>(() => Trainings.Run(name, disk["c"]));               // still no room
        Assert.Equal(before, File.ReadAllBytes(disk["c"]));

        disk.Free();
        int first = 0;
        var (pieces, _) = Trainings.Run(name, disk["c"], afterStep: point => first = first == 0 ? point.Step : first);
        Assert.Equal(21, first);
        Trainings.AssertSame(Trainings.Run(name).Weights, pieces);
        Assert.Equal(["c"], disk.Files);
    }

    [Fact]
    public void Weights_that_do_not_fit_leave_those_before()
    {
        var flow = Trainings.Flow();
        SafeTensors.Save(flow, disk["w"]);
        byte[] before = File.ReadAllBytes(disk["w"]);
        disk.Fill();
        Assert.Contains("No space left on device", Assert.Throws<IOException>(() => SafeTensors.Save(flow, disk["w"])).Message);
        Assert.Equal(before, File.ReadAllBytes(disk["w"]));
        Assert.Equal(["w"], disk.Files);
    }
}
