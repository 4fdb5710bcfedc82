using System.Text;
using FlowKit.Models;
using FlowKit.Training;

namespace FlowKit.Tests.Training;

public sealed class TensorBoardTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Losses_and_rates_are_in_the_event_file()
    {
        manual_seed(1);
        var flow = RealNvp.Create(2, layers: 1, hidden: [4]);
        var history = Trainer.Fit(flow, randn(20, 2), randn(20, 2), new() { Steps = 6, EvaluateEvery = 3, LearningRate = 0.5, Schedule = Schedule.Constant, TensorBoard = scratch["board"], Threads = 1 });
        var scalars = Scalars(Assert.Single(Directory.GetFiles(scratch["board"], "events.out.tfevents.*"))).ToList();
        Assert.Equal(history.Train.Select(point => (point.Step, (float)point.Loss)), scalars.Where(scalar => scalar.Tag == "loss/train").Select(scalar => (scalar.Step, scalar.Value)));
        Assert.Equal(history.Validation.Select(point => (point.Step, (float)point.Loss)), scalars.Where(scalar => scalar.Tag == "loss/validation").Select(scalar => (scalar.Step, scalar.Value)));
        Assert.Equal(Enumerable.Repeat(0.5f, 6), scalars.Where(scalar => scalar.Tag == "rate").Select(scalar => scalar.Value));
    }

    // TFRecord: length (8), its checksum (4), an Event, its checksum (4). Event: step = 2, summary = 5 { value = 1 { tag = 1, simple_value = 2 } }.
    private static IEnumerable<(string Tag, int Step, float Value)> Scalars(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        for (int at = 0; at < bytes.Length;)
        {
            int length = (int)BitConverter.ToInt64(bytes, at);
            byte[] record = bytes[(at + 12)..(at + 12 + length)];
            at += 16 + length;
            int step = 0;
            foreach (var (field, value, body) in Fields(record))
            {
                if (field == 2) step = (int)value;
                if (field != 5) continue;
                var scalar = Fields(Fields(body).Single().Body).ToDictionary(part => part.Field, part => part.Body);
                yield return (Encoding.UTF8.GetString(scalar[1]), step, BitConverter.ToSingle(scalar[2]));
            }
        }
    }

    private static IEnumerable<(int Field, long Value, byte[] Body)> Fields(byte[] message)
    {
        for (int at = 0; at < message.Length;)
        {
            long key = Varint(), value = 0;
            int width = (key & 7) switch { 1 => 8, 5 => 4, _ => 0 };
            if (width == 0) value = Varint();
            if ((key & 7) == 2) width = (int)value;
            yield return ((int)(key >> 3), value, message[at..(at + width)]);
            at += width;

            long Varint()
            {
                long result = 0;
                for (int shift = 0; ; shift += 7)
                {
                    byte next = message[at++];
                    result |= (long)(next & 127) << shift;
                    if (next < 128) return result;
                }
            }
        }
    }
}
