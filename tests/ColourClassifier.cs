using System.Security.Cryptography;
using System.Text;

namespace FlexEdit.Tests;

/// <summary>
/// A real, tiny ONNX file, written by hand (onnx.proto): the mean of each channel, then two linear classes: 0 the rest, 1 a picture that is
/// redder than it is green and blue by 0.35 (of 1). As logits for softmax; <c>raw</c>: 20 times the redness, which are no probabilities.
/// </summary>
internal static class ColourClassifier
{
    /// <summary>Side of the pictures that it reads.</summary>
    public const int Side = 32;

    private const int Float = 1;

    /// <summary>Writes the file and returns its path and its SHA-256.</summary>
    /// <param name="folder">Where it is written.</param>
    /// <param name="channelwise">[1, H, W, 3] instead of [1, 3, H, W].</param>
    /// <param name="blueFirst">Red is the third channel.</param>
    /// <param name="raw">Scores instead of logits.</param>
    public static (string Path, string Sha256) Write(string folder, bool channelwise = false, bool blueFirst = false, bool raw = false)
    {
        var path = System.IO.Path.Combine(folder, $"colours-{(channelwise ? "nhwc" : "nchw")}{(blueFirst ? "-bgr" : "")}{(raw ? "-raw" : "")}.onnx");
        var file = Model(channelwise, blueFirst, raw);
        File.WriteAllBytes(path, file);
        return (path, Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    /// <summary>The settings for it, without a prefix; it finds red pictures unsafe.</summary>
    public static IReadOnlyList<(string Name, string Value)> Settings((string Path, string Sha256) file) =>
    [
        ("Content__Classifier", file.Path), ("Content__Sha256", file.Sha256), ("Content__Width", $"{Side}"), ("Content__Height", $"{Side}"),
        ("Content__Mean__0", "0"), ("Content__Std__0", "1"), ("Content__Labels__0", "rest"), ("Content__Labels__1", "red"), ("Content__Unsafe__0", "red"),
    ];

    /// <summary>A seed in whose colour the simulated model paints red, or blue.</summary>
    public static uint Seed(bool red) => (uint)Enumerable.Range(1, 10_000).First(seed =>
    {
        var colour = (uint)seed * 2654435761u;
        var (r, g, b) = ((byte)colour, (byte)(colour >> 8), (byte)(colour >> 16));
        return g < 60 && (red ? r > 200 && b < 60 : b > 200 && r < 60);
    });

    private static byte[] Model(bool channelwise, bool blueFirst, bool raw)
    {
        // ModelProto: ir_version 1, graph 7, opset_import 8 (version 2).
        return [.. Number(1, 8), .. Message(7, Graph(channelwise, blueFirst, raw)), .. Message(8, Number(2, 13))];
    }

    private static byte[] Graph(bool channelwise, bool blueFirst, bool raw)
    {
        float scale = raw ? 20 : 40;
        float[] red = [scale, -scale / 2, -scale / 2];
        if (blueFirst)
            Array.Reverse(red);
        float[] weights = [0, red[0], 0, red[1], 0, red[2]];
        float[] bias = [0, raw ? 0.5f : -0.35f * scale];
        // GraphProto: node 1, name 2, initializer 5, input 11, output 12.
        return
        [
            .. Message(1, Node("ReduceMean", ["pixels"], "means", Ints("axes", channelwise ? [1, 2] : [2, 3]), Int("keepdims", 0))),
            .. Message(1, Node("Gemm", ["means", "weights", "bias"], "scores")),
            .. Text(2, "colours"),
            .. Message(5, Tensor("weights", [3, 2], weights)),
            .. Message(5, Tensor("bias", [2], bias)),
            .. Message(11, Value("pixels", channelwise ? [1, Side, Side, 3] : [1, 3, Side, Side])),
            .. Message(12, Value("scores", [1, 2])),
        ];
    }

    // NodeProto: input 1, output 2, op_type 4, attribute 5.
    private static byte[] Node(string kind, string[] inputs, string output, params byte[][] attributes) =>
        [.. inputs.SelectMany(input => Text(1, input)), .. Text(2, output), .. Text(4, kind), .. attributes.SelectMany(attribute => Message(5, attribute))];

    // AttributeProto: name 1, i 3, ints 8, type 20 (INT 2, INTS 7).
    private static byte[] Int(string name, long value) => [.. Text(1, name), .. Number(3, value), .. Number(20, 2)];

    private static byte[] Ints(string name, long[] values) => [.. Text(1, name), .. values.SelectMany(value => Number(8, value)), .. Number(20, 7)];

    // TensorProto: dims 1, data_type 2, name 8, raw_data 9.
    private static byte[] Tensor(string name, long[] dims, float[] values) =>
        [.. dims.SelectMany(dim => Number(1, dim)), .. Number(2, Float), .. Text(8, name), .. Message(9, [.. values.SelectMany(BitConverter.GetBytes)])];

    // ValueInfoProto: name 1, type 2; TypeProto: tensor_type 1; its elem_type 1, shape 2; TensorShapeProto: dim 1; its dim_value 1.
    private static byte[] Value(string name, long[] dims) =>
        [.. Text(1, name), .. Message(2, Message(1, [.. Number(1, Float), .. Message(2, [.. dims.SelectMany(dim => Message(1, Number(1, dim)))])]))];

    private static byte[] Text(int field, string text) => Message(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Message(int field, byte[] content) => [.. Varint((field << 3) | 2), .. Varint(content.Length), .. content];

    private static byte[] Number(int field, long value) => [.. Varint(field << 3), .. Varint(value)];

    private static byte[] Varint(long value)
    {
        var bytes = new List<byte>();
        var left = (ulong)value;
        for (; left >= 128; left >>= 7)
            bytes.Add((byte)(left | 128));
        return [.. bytes, (byte)left];
    }
}
