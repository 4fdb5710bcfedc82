using System.Text;
using FlowKit.Compression;
using FlowKit.Models;
using FlowKit.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowKit.Cli.Tests;

public sealed class CompressTests : IDisposable
{
    private static readonly Lazy<Codec> codec = new(() =>
    {
        using var scope = NewDisposeScope();
        manual_seed(0);
        var flow = IntegerDiscreteFlow.ForImages(new(1, 16, 16) { Couplings = 2, Maps = 32, PriorComponents = 2 });
        foreach (var weight in flow.parameters()) nn.init.normal_(weight, std: 0.05);
        return Codec.Freeze(flow);
    });

    private readonly Workspace work = new();

    public CompressTests() => codec.Value.Save(work["model.fkc"]);

    public void Dispose() => work.Dispose();

    [Fact]
    public void A_folder_comes_back_in_another_process_with_other_threads_and_other_processor_features()
    {
        Directory.CreateDirectory(work["in"]);
        Directory.CreateDirectory(work["other"]);
        Picture("in/gray.pgm", channels: 1, height: 150, width: 333);
        Picture("in/color.ppm", channels: 3, height: 90, width: 70);
        Picture("other/one.pgm", channels: 1, height: 1, width: 1);
        Directory.CreateDirectory(work["in/older"]);
        File.WriteAllText(work["in/holiday.jpg"], "not taken");
        Assert.Equal(0, work.Invoke("compress", work["model.fkc"], work["in"], work["other/one.pgm"], "-o", work["a.fkz"], "--threads", "2"));
        Assert.Matches(@"3 images, 0\.07 MB of pixels -> .*a\.fkz: 0\.\d\d MB, \d\.\d{3} bits a channel, \d+\.\d\d MB/s", work.Output);
        Assert.Contains("1 other file left out", work.Output);
        Assert.Contains("1 folder in it left out", work.Output);

        var plain = new Dictionary<string, string> { ["DOTNET_EnableAVX2"] = "0", ["DOTNET_EnableAVX512"] = "0", ["ATEN_CPU_CAPABILITY"] = "default" };
        foreach (var (environment, threads, folder) in new[] { (plain, "1", "plain"), (new Dictionary<string, string>(), "3", "as it is") })
        {
            var (code, output, error) = FlowkitProcess.End(FlowkitProcess.Start(environment, "decompress", work["model.fkc"], work["a.fkz"], "-o", work[folder], "--threads", threads));
            Assert.Equal((0, ""), (code, error));
            Assert.Contains("3 images", output);
            foreach (string file in new[] { "in/gray.pgm", "in/color.ppm", "other/one.pgm" })
                Assert.Equal(File.ReadAllBytes(work[file]), File.ReadAllBytes(work[$"{folder}/{Path.GetFileName(file)}"]));
        }

        // Coded there, it is the same file, too.
        var again = FlowkitProcess.End(FlowkitProcess.Start(plain, "compress", work["model.fkc"], work["in"], work["other/one.pgm"], "-o", work["b.fkz"]));
        Assert.Equal((0, ""), (again.Code, again.Error));
        Assert.Equal(File.ReadAllBytes(work["a.fkz"]), File.ReadAllBytes(work["b.fkz"]));
    }

    // Photographs that they were not trained on; for gzip, bzip2 and xz see data/models/SOURCE.md.
    [Theory]
    [InlineData("photographs", "chelsea", 4.0)]
    [InlineData("photographs-gray", "camera", 4.3)]
    public void The_codecs_that_FlowKit_brings_keep_photographs(string codec, string photograph, double bits)
    {
        using (var from = typeof(Codec).Assembly.GetManifestResourceStream($"FlowKit.data.{photograph}.png")!)
        using (var to = File.Create(work[$"{photograph}.png"]))
            from.CopyTo(to);
        Assert.Contains(codec, Codec.Shipped);
        Assert.Equal(0, work.Invoke("compress", codec, work[$"{photograph}.png"], "-o", work["a.fkz"]));
        var pixels = FlowKit.Data.Photographs.Load(photograph);
        Assert.InRange(8.0 * new FileInfo(work["a.fkz"]).Length / (pixels.NumberOfElements / (photograph == "camera" ? 3 : 1)), 3.5, bits);

        var plain = new Dictionary<string, string> { ["DOTNET_EnableAVX2"] = "0", ["ATEN_CPU_CAPABILITY"] = "default" };
        var (code, _, error) = FlowkitProcess.End(FlowkitProcess.Start(plain, "decompress", codec, work["a.fkz"], "-o", work["back"], "--threads", "3"));
        Assert.Equal((0, ""), (code, error));
        Assert.True(FlowKit.Data.ImageFile.Load(work[$"back/{photograph}.png"]).eq(pixels).all().ToBoolean());
    }

    [Fact]
    public void Twenty_kills_leave_no_partial_file()
    {
        for (int i = 0; i < 8; i++) Picture($"{i}.pgm", channels: 1, height: 700, width: 700);
        var random = new Random(1);
        int during = 0;
        for (int trial = 0; trial < 20; trial++)
        {
            using var process = FlowkitProcess.Start("compress", work["model.fkc"], work.Folder, "-o", work["out.fkz"], "--threads", "1");
            while (!File.Exists(work[".out.fkz.tmp"]) && !process.HasExited) Thread.Sleep(5);
            Thread.Sleep(random.Next(1500));                 // from its first check of the target to well within the coding
            process.Kill();
            process.WaitForExit();
            if (process.ExitCode != 0) during++;
            Assert.Equal(process.ExitCode == 0, File.Exists(work["out.fkz"]));
            File.Delete(work["out.fkz"]);
        }
        Assert.InRange(during, 15, 20);

        // What a killed process left is in nobody's way.
        Assert.Equal(0, work.Invoke("compress", work["model.fkc"], work["0.pgm"], "-o", work["out.fkz"]));
        Assert.False(File.Exists(work[".out.fkz.tmp"]));
    }

    [Fact]
    public void Every_mistake_is_one_line_that_names_it()
    {
        Picture("a.pgm", channels: 1, height: 20, width: 20);
        work.Write("text.png", "no picture");
        work.Write("other.txt", "somebody's");
        Assert.Equal(0, work.Invoke("compress", work["model.fkc"], work["a.pgm"], "-o", work["a.fkz"]));

        Refused(1, "text.png: it is no PNG, PGM or PPM", "compress", work["model.fkc"], work["a.pgm"], work["text.png"], "-o", work["x.fkz"]);
        Refused(1, "is no codec", "compress", work["a.fkz"], work["a.pgm"], "-o", work["x.fkz"]);
        Refused(1, "There is no codec", "compress", work["none.fkc"], work["a.pgm"], "-o", work["x.fkz"]);
        Refused(2, "there is no '", "compress", work["model.fkc"], work["none.png"], "-o", work["x.fkz"]);
        Refused(1, "cannot be written", "compress", work["model.fkc"], work["a.pgm"], "-o", work["none/x.fkz"]);
        Refused(2, "--force replaces it", "compress", work["model.fkc"], work["a.pgm"], "-o", work["other.txt"]);
        Refused(2, "one of the images", "compress", work["model.fkc"], work["a.pgm"], "-o", work["a.pgm"]);
        Refused(2, "'--output' is required", "compress", work["model.fkc"], work["a.pgm"]);
        Refused(2, "--threads is a whole number", "compress", work["model.fkc"], work["a.pgm"], "-o", work["x.fkz"], "--threads", "0");
        Refused(1, "no archive of images", "decompress", work["model.fkc"], work["a.pgm"], "-o", work["back"]);
        Refused(2, "--levels is at most 2", "decompress", work["model.fkc"], work["a.fkz"], "-o", work["back"], "--levels", "3");
        Refused(2, "'" + work["a.pgm"] + "' is a file", "decompress", work["model.fkc"], work["a.fkz"], "-o", work["a.pgm"]);
        Refused(1, "exists already", "decompress", work["model.fkc"], work["a.fkz"], "-o", work.Folder);
        byte[] bytes = File.ReadAllBytes(work["a.fkz"]);
        File.WriteAllBytes(work["cut.fkz"], bytes[..^9]);
        Refused(1, "cut off", "decompress", work["model.fkc"], work["cut.fkz"], "-o", work["back"]);
        bytes[4] = 2;
        File.WriteAllBytes(work["new.fkz"], bytes);
        Refused(1, "version 2", "decompress", work["model.fkc"], work["new.fkz"], "-o", work["back"]);
        Assert.False(File.Exists(work["x.fkz"]) || Directory.Exists(work["back"]));
        Assert.Equal("somebody's", File.ReadAllText(work["other.txt"]));

        void Refused(int code, string what, params string[] args)
        {
            Assert.Equal(code, work.Invoke(args));
            Assert.Contains(what, work.Error);
            Assert.StartsWith("flowkit: ", work.Error);
            if (code == 1) Assert.Equal(1, work.Error.Count(letter => letter == '\n'));
        }
    }

    [Fact]
    public void A_full_disk_is_named_and_leaves_nothing()
    {
        using var disk = new SmallDisk(1 << 16);
        Picture("a.pgm", channels: 1, height: 900, width: 900);
        disk.Fill();
        Assert.Equal(1, work.Invoke("compress", work["model.fkc"], work["a.pgm"], "-o", disk["a.fkz"]));
        Assert.Contains("cannot be written: No space left on device", work.Error);
        Assert.Empty(disk.Files);
    }

    [Fact]
    public void Coarse_levels_alone_give_approximate_pictures()
    {
        Picture("a.pgm", channels: 1, height: 40, width: 40);
        Assert.Equal(0, work.Invoke("compress", work["model.fkc"], work["a.pgm"], "-o", work["a.fkz"]));
        Assert.Equal(0, work.Invoke("decompress", work["model.fkc"], work["a.fkz"], "-o", work["coarse"], "--levels", "1"));
        Assert.Contains("approximate", work.Output);
        Assert.Equal(new FileInfo(work["a.pgm"]).Length, new FileInfo(work["coarse/a.pgm"]).Length);
        Assert.NotEqual(File.ReadAllBytes(work["a.pgm"]), File.ReadAllBytes(work["coarse/a.pgm"]));
    }

    [Fact]
    public void A_codec_is_trained_resumed_and_used()
    {
        string photographs = work["photographs"];
        Directory.CreateDirectory(photographs);
        foreach (string name in FlowKit.Data.Photographs.Names)
            using (var file = typeof(Codec).Assembly.GetManifestResourceStream($"FlowKit.data.{name}.png")!)
            using (var to = File.Create(Path.Combine(photographs, $"{name}.png")))
                file.CopyTo(to);
        string[] train = ["train-codec", photographs, "-o", work["own.fkc"], "--gray", "--shrink", "4", "--patch", "8", "--scales", "2", "--couplings", "1", "--maps", "12", "--depth", "1", "--batch", "16", "--threads", "1", "--steps", "12"];
        var (code, output, error) = FlowkitProcess.Run(train);
        Assert.Equal((0, ""), (code, error));             // libtorch, too, says nothing
        Assert.Contains("bits a channel on images kept aside", output);
        byte[] first = File.ReadAllBytes(work["own.fkc"]);
        File.Delete(work["own.fkc"]);
        Assert.Equal(0, work.Invoke(train));              // from the checkpoint: the training is done already
        Assert.Equal(first, File.ReadAllBytes(work["own.fkc"]));

        Assert.Equal(1, work.Invoke([.. train[..^1], "13"]));
        Assert.Contains("own.fkc.training", work.Error);
        Assert.Equal(130, work.Invoke(new CancellationToken(canceled: true), [.. train[..3], work["second.fkc"], .. train[4..]]));
        Assert.Contains("goes on from", work.Error);
        Assert.False(File.Exists(work["second.fkc"]));

        Assert.Equal(0, work.Invoke("compress", work["own.fkc"], Path.Combine(photographs, "camera.png"), "-o", work["camera.fkz"]));
        Assert.Equal(0, work.Invoke("decompress", work["own.fkc"], work["camera.fkz"], "-o", work["back"]));
        Assert.True(FlowKit.Data.ImageFile.Load(work["back/camera.png"]).eq(FlowKit.Data.Photographs.Load("camera")).all().ToBoolean());

        // A file that the training could not go on from is not replaced.
        byte[] picture = File.ReadAllBytes(Path.Combine(photographs, "coffee.png"));
        Assert.Equal(2, work.Invoke([.. train[..3], Path.Combine(photographs, "coffee.png"), .. train[4..]]));
        Assert.Contains("coffee.png' exists, and no ", work.Error);
        Assert.Equal(picture, File.ReadAllBytes(Path.Combine(photographs, "coffee.png")));
        File.Delete(work["own.fkc.training"]);
        Assert.Equal(2, work.Invoke(train));
        Assert.Equal(first, File.ReadAllBytes(work["own.fkc"]));
        Assert.Equal(0, work.Invoke([.. train.Where(word => word != "--gray"), "--force"]));
        Assert.Contains("1 image of 4 is gray: a codec of 3 channels codes color alone", work.Output);
        Assert.NotEqual(first, File.ReadAllBytes(work["own.fkc"]));

        Directory.CreateDirectory(work["empty"]);
        Assert.Equal(1, work.Invoke("train-codec", work["empty"], "-o", work["x.fkc"]));
        Assert.Contains("has 0 images", work.Error);
    }

    private void Picture(string file, int channels, int height, int width)
    {
        byte[] head = Encoding.ASCII.GetBytes($"P{(channels == 1 ? 5 : 6)}\n{width} {height}\n255\n");
        File.WriteAllBytes(work[file], [.. head, .. Enumerable.Range(0, channels * height * width).Select(i => (byte)(120 + 100 * Math.Sin(i % width * 0.03 + i / width * 0.011)))]);
    }
}
