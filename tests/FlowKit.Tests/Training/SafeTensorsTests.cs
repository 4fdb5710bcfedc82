using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using FlowKit.Models;
using FlowKit.Training;

namespace FlowKit.Tests.Training;

public sealed class SafeTensorsTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_file_is_the_bytes_the_format_says()
    {
        SafeTensors.Write(scratch["f"], new Dictionary<string, Tensor> { ["b"] = tensor(new short[] { 1, -2 }), ["a"] = tensor(new[] { 1f, 2f, 3f }).reshape(3, 1) });
        byte[] bytes = File.ReadAllBytes(scratch["f"]);
        string checksum = Encoding.ASCII.GetString(bytes, 8 + """{"__metadata__":{"flowkit.sha256":" """.Length - 1, 64);
        string json = $$$"""{"__metadata__":{"flowkit.sha256":"{{{checksum}}}"},"a":{"dtype":"F32","shape":[3,1],"data_offsets":[0,12]},"b":{"dtype":"I16","shape":[2],"data_offsets":[12,16]}}""";
        json = json.PadRight((json.Length + 7) / 8 * 8);
        byte[] header = [.. BitConverter.GetBytes((long)json.Length), .. Encoding.ASCII.GetBytes(json)];
        Assert.Equal([.. header, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40, 1, 0, 0xFE, 0xFF], bytes);
        Assert.Equal(0, header.Length % 8);

        string zeros = Encoding.Latin1.GetString(bytes).Replace(checksum, new string('0', 64), StringComparison.Ordinal);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.Latin1.GetBytes(zeros))), checksum);
    }

    [Fact]
    public void An_independent_reader_finds_the_weights_of_a_flow()
    {
        manual_seed(1);
        var flow = RealNvp.Create(2, layers: 2, hidden: [5]);
        flow.to(float64);
        SafeTensors.Save(flow, scratch["f"]);
        byte[] bytes = File.ReadAllBytes(scratch["f"]);
        int header = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        using var json = JsonDocument.Parse(bytes.AsMemory(8, header));
        var weights = flow.state_dict();
        Assert.Equal(weights.Keys.Append("__metadata__").Order(), json.RootElement.EnumerateObject().Select(property => property.Name).Order());
        foreach (var (name, weight) in weights)
        {
            var entry = json.RootElement.GetProperty(name);
            Assert.Equal("F64", entry.GetProperty("dtype").GetString());
            Assert.Equal(weight.shape, entry.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()));
            int start = 8 + header + entry.GetProperty("data_offsets")[0].GetInt32();
            Assert.Equal(0, start % 8);
            double[] values = [.. Enumerable.Range(0, (int)weight.NumberOfElements).Select(i => BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(start + 8 * i)))];
            Assert.Equal(weight.data<double>().ToArray(), values);
        }
    }

    [Fact]
    public void Every_dtype_and_shape_comes_back_exactly()
    {
        manual_seed(2);
        var tensors = new Dictionary<string, Tensor>
        {
            ["f64"] = randn(3, 4, dtype: float64),
            ["f32 with \"quotes\", spaces and ü"] = randn(3),
            ["f16"] = randn([5], dtype: float16),
            ["bf16"] = randn([5], dtype: bfloat16),
            ["i64"] = tensor(new[] { long.MinValue, long.MaxValue }),
            ["i32"] = tensor(new[] { 7 }),
            ["u8"] = tensor(new byte[] { 0, 255 }),
            ["i8"] = tensor(new sbyte[] { -128, 127 }),
            ["bool"] = tensor(new[] { true, false, true }),
            ["scalar"] = tensor(3.5),
            ["empty"] = zeros(0, 3),
            ["not finite"] = tensor(new[] { float.NaN, float.PositiveInfinity, -0f }),
            ["transposed"] = randn(3, 4).t(),
            ["piece"] = arange(10).narrow(0, 3, 4),
        };
        SafeTensors.Write(scratch["f"], tensors);
        var read = SafeTensors.Read(scratch["f"]);
        Assert.Equal(tensors.Keys.Order(), read.Keys.Order());
        foreach (var (name, expected) in tensors)
        {
            Assert.Equal((expected.dtype, string.Join(",", expected.shape)), (read[name].dtype, string.Join(",", read[name].shape)));
            if (expected.NumberOfElements > 0) Assert.Equal(expected.contiguous().bytes.ToArray(), read[name].bytes.ToArray());
        }
        Assert.Equal(["f"], scratch.Files);
    }

    [Fact]
    public void A_tensor_larger_than_one_piece_comes_back_exactly()
    {
        var large = arange(0, (1 << 24) + 12345, dtype: int32);
        SafeTensors.Write(scratch["f"], new Dictionary<string, Tensor> { ["x"] = large });
        Assert.True(SafeTensors.Read(scratch["f"])["x"].eq(large).all().ToBoolean());
    }

    [Fact]
    public void Weights_go_to_another_module_of_the_same_kind()
    {
        manual_seed(3);
        var (from, to) = (RealNvp.Create(2, layers: 2, hidden: [5]), RealNvp.Create(2, layers: 2, hidden: [5]));
        SafeTensors.Save(from, scratch["f"]);
        SafeTensors.Load(to, scratch["f"]);
        Trainings.AssertSame(Trainings.Bytes(from), Trainings.Bytes(to));
    }

    [Fact]
    public void Files_of_other_writers_are_read()
    {
        File.WriteAllBytes(scratch["f"], Bytes("""{"w":{"shape":[2],"data_offsets":[4,6],"dtype":"BF16"}, "v":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}, "__metadata__":{"format":"pt"}}""", [1, 2, 3, 4, 0, 0]));
        Assert.Throws<InvalidDataException>(() => SafeTensors.Read(scratch["f"]));      // two bf16 take four bytes
        File.WriteAllBytes(scratch["f"], Bytes("""{"w":{"shape":[1],"data_offsets":[4,6],"dtype":"BF16"}, "v":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}, "__metadata__":{"format":"pt"}}""", [1, 2, 3, 4, 0x80, 0x3F]));
        var read = SafeTensors.Read(scratch["f"]);
        Assert.Equal(1, read["w"].to(float32).ToDouble());
        Assert.Equal([1, 2, 3, 4], read["v"].data<byte>().ToArray());
    }

    [Fact]
    public void Weights_of_another_module_are_refused_by_name_and_nothing_is_loaded()
    {
        SafeTensors.Save(RealNvp.Create(2, layers: 2, hidden: [5]), scratch["f"]);
        Refused(RealNvp.Create(2, layers: 3, hidden: [5]), "it lacks 'transform.layers.2.conditioner.layers.0.");
        Refused(RealNvp.Create(2, layers: 1, hidden: [5]), "the module has no 'transform.layers.1.conditioner.layers.0.");
        Refused(RealNvp.Create(2, layers: 2, hidden: [6]), "is (5, 1) of Float32; the module's is (6, 1) of Float32");
        var doubled = RealNvp.Create(2, layers: 2, hidden: [5]);
        doubled.to(float64);
        Refused(doubled, "of Float32; the module's is");

        void Refused(Flow flow, string message)
        {
            var before = Trainings.Bytes(flow);
            Assert.Contains(message, Assert.Throws<ArgumentException>("path", () => SafeTensors.Load(flow, scratch["f"])).Message);
            Assert.Equal(before.Values.Select(Convert.ToHexString), Trainings.Bytes(flow).Values.Select(Convert.ToHexString));
        }
    }

    [Fact]
    public void Complex_numbers_have_no_place_in_the_format() =>
        Assert.Contains("'z' is ComplexFloat32", Assert.Throws<ArgumentException>("tensors", () => SafeTensors.Write(scratch["f"], new Dictionary<string, Tensor> { ["z"] = zeros(1, dtype: complex64) })).Message);

    public static TheoryData<string, string, int> Damages => new()
    {
        { """[1]""", "not a JSON object", 0 },
        { """{"a":""", "not valid JSON", 0 },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "not valid JSON", 8 },
        { """{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "not valid JSON", 4 },
        { """{"\uD800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "not valid JSON", 4 },
        { """{"a":3}""", "is not described by dtype, shape and data_offsets", 0 },
        { """{"a":null}""", "is not described by", 0 },
        { """{"a":{"shape":[1],"data_offsets":[0,4]}}""", "is not described by", 4 },
        { """{"a":{"dtype":"F32","data_offsets":[0,4]}}""", "is not described by", 4 },
        { """{"a":{"dtype":"F32","shape":[1]}}""", "is not described by", 4 },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":1}}""", "is not described by", 4 },
        { """{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}""", "has the dtype 'F8_E4M3'; expected one of BOOL, U8", 1 },
        { """{"a":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}}""", "has the dtype 'f32'", 4 },
        { """{"a":{"dtype":4,"shape":[1],"data_offsets":[0,4]}}""", "the dtype of tensor 'a' is not a string", 4 },
        { """{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}""", "the shape of tensor 'a' is not an array", 4 },
        { """{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "other than whole numbers >= 0", 4 },
        { """{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", "other than whole numbers >= 0", 4 },
        { """{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", "other than whole numbers >= 0", 4 },
        { """{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}""", "other than whole numbers >= 0", 4 },
        { """{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}""", "takes too many bytes", 4 },
        { """{"a":{"dtype":"F32","shape":[0,4611686018427387904,4],"data_offsets":[0,0]}}""", "takes too many bytes", 0 },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "takes 8 bytes; its data_offsets span 4", 4 },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", "are not [begin, end]", 4 },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", "are not [begin, end]", 4 },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", "are not [begin, end]", 4 },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", "other than whole numbers >= 0", 4 },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", "tensor 'b' overlaps the one before it", 6 },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "overlaps", 4 },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "a gap of 4 bytes before tensor 'a'", 8 },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "truncated: its tensors take 4 bytes, 3 are there", 3 },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "1 bytes follow its last tensor", 5 },
        { """{"__metadata__":[]}""", "__metadata__ is not an object of strings", 0 },
        { """{"__metadata__":{"a":1}}""", "__metadata__.a is not a string", 0 },
        { """{"__metadata__":{"flowkit.sha256":"12"}}""", "its checksum is not 64 digits", 0 },
        { """{"__metadata__":{"flowkit.sha256":"0000000000000000000000000000000000000000000000000000000000000000"}}""", "its checksum does not match", 0 },
        { """{"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]}}""", "65 dimensions", 1 },
    };

    [Theory, MemberData(nameof(Damages))]
    public void A_damaged_file_is_refused_with_the_reason(string header, string message, int dataBytes)
    {
        File.WriteAllBytes(scratch["f"], Bytes(header, new byte[dataBytes]));
        string text = Assert.Throws<InvalidDataException>(() => SafeTensors.Read(scratch["f"])).Message;
        Assert.Contains(message, text);
        Assert.Contains(scratch["f"], text);
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 }, "it has 3 bytes")]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1 }, "a header of 18446744073709551615 bytes")]
    [InlineData(new byte[] { 9, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}' }, "its header takes 9 bytes, 2 are there")]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 }, "not valid JSON")]
    [InlineData(new byte[] { 2, 0, 0, 0, 0, 0, 0, 0, 0xC3, 0x28 }, "not valid JSON")]
    public void A_file_without_a_whole_header_is_refused(byte[] bytes, string message)
    {
        File.WriteAllBytes(scratch["f"], bytes);
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => SafeTensors.Read(scratch["f"])).Message);
    }

    [Fact]
    public void Any_flipped_bit_is_noticed_and_any_cut()
    {
        SafeTensors.Write(scratch["good"], new Dictionary<string, Tensor> { ["a"] = randn(7), ["b"] = arange(5), ["c"] = zeros(0) });
        byte[] good = File.ReadAllBytes(scratch["good"]);
        for (int at = 0; at < good.Length; at++)
        {
            File.WriteAllBytes(scratch["bad"], good[..at]);
            Assert.Throws<InvalidDataException>(() => SafeTensors.Read(scratch["bad"]));
            byte[] bad = [.. good];
            bad[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(scratch["bad"], bad);
            // What hides the checksum's own name leaves a plain file of another writer; all else is noticed.
            if (Encoding.Latin1.GetString(bad).Contains("\"__metadata__\":{\"flowkit.sha256\":\"", StringComparison.Ordinal))
                Assert.Throws<InvalidDataException>(() => SafeTensors.Read(scratch["bad"]));
        }
        Assert.Equal(3, SafeTensors.Read(scratch["good"]).Count);
    }

    private static byte[] Bytes(string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((long)json.Length), .. json, .. data];
    }
}
