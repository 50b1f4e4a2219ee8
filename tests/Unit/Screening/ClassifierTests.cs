using System.Globalization;
using FlexEdit.Screening.Child;
using FlexEdit.Screening.Hosting;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Screening;

/// <summary>A real ONNX file in this process.</summary>
public sealed class ClassifierTests : IDisposable
{
    private static readonly (byte Red, byte Green, byte Blue) s_red = (230, 20, 20);
    private static readonly (byte Red, byte Green, byte Blue) s_blue = (20, 20, 230);
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-classifier-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Finds_a_red_picture_in_whatever_order_the_network_reads_it(bool channelwise, bool blueFirst)
    {
        var file = ColourClassifier.Write(_folder, channelwise, blueFirst);
        using var classifier = new Classifier(CardOf(file) with { Channelwise = channelwise, BlueFirst = blueFirst });

        classifier.Score(Plain(s_red)).ShouldBeGreaterThan(0.99);
        classifier.Score(Plain(s_blue)).ShouldBeLessThan(0.01);
        classifier.Score(Plain((255, 255, 255))).ShouldBeLessThan(0.01);
    }

    [Fact]
    public void A_network_that_reads_blue_first_is_misled_by_a_picture_that_does_not_say_so()
    {
        using var classifier = new Classifier(CardOf(ColourClassifier.Write(_folder, blueFirst: true)));
        classifier.Score(Plain(s_blue)).ShouldBeGreaterThan(0.99);
    }

    [Fact]
    public void Mean_and_deviation_change_what_the_network_sees()
    {
        var card = CardOf(ColourClassifier.Write(_folder)) with { Std = [10, 1, 1] };
        using var classifier = new Classifier(card);
        classifier.Score(Plain(s_red)).ShouldBeLessThan(0.5);
    }

    [Fact]
    public void Exclusive_classes_add_up_and_independent_ones_do_not()
    {
        var card = CardOf(ColourClassifier.Write(_folder)) with { Unsafe = [0, 1] };
        using (var exclusive = new Classifier(card))
            exclusive.Score(Plain((128, 128, 128))).ShouldBe(1, 1e-9);
        using var independent = new Classifier(card with { Activation = ContentWords.Sigmoid });
        independent.Score(Plain((128, 128, 128))).ShouldBe(0.5, 1e-9);
    }

    [Fact]
    public void What_is_no_probability_is_no_verdict()
    {
        using var classifier = new Classifier(CardOf(ColourClassifier.Write(_folder, raw: true)) with { Activation = "none" });
        classifier.Score(Plain((128, 128, 128))).ShouldBe(0.5, 0.01);
        Should.Throw<ClassifierException>(() => classifier.Score(Plain(s_red))).Message.ShouldContain("no probabilities");
        Should.Throw<ClassifierException>(() => classifier.Score(Plain(s_blue))).Message.ShouldContain("FLEXEDIT__Content__Activation");
    }

    [Theory]
    [InlineData("digest", "another SHA-256")]
    [InlineData("size", "set FLEXEDIT__Content__Width")]
    [InlineData("layout", "set FLEXEDIT__Content__Width, __Height and __Layout")]
    [InlineData("output", "has the outputs scores")]
    [InlineData("class", "has 2 classes")]
    [InlineData("file", "no network")]
    [InlineData("missing", "cannot be read")]
    public void Says_what_does_not_fit(string what, string sentence)
    {
        var card = CardOf(ColourClassifier.Write(_folder));
        var spoilt = what switch
        {
            "digest" => card with { Sha256 = new string('0', 64) },
            "size" => card with { Width = 64 },
            "layout" => card with { Channelwise = true },
            "output" => card with { Output = "logits" },
            "class" => card with { Unsafe = [2] },
            "file" => CardOf(Garbage()),
            _ => card with { Path = Path.Combine(_folder, "none.onnx") },
        };
        Should.Throw<ClassifierException>(() => new Classifier(spoilt).Dispose()).Message.ShouldContain(sentence);
    }

    [Fact]
    public void Takes_the_first_output_where_none_is_named_and_the_named_one_otherwise()
    {
        using var classifier = new Classifier(CardOf(ColourClassifier.Write(_folder)) with { Output = "scores" });
        classifier.Score(Plain(s_red)).ShouldBeGreaterThan(0.99);
    }

    internal static ClassifierCard CardOf((string Path, string Sha256) file) => new()
    {
        Path = file.Path,
        Sha256 = file.Sha256.ToUpper(CultureInfo.InvariantCulture),
        Width = ColourClassifier.Side,
        Height = ColourClassifier.Side,
        Channelwise = false,
        BlueFirst = false,
        Mean = [0, 0, 0],
        Std = [1, 1, 1],
        Activation = ContentWords.Softmax,
        Unsafe = [1],
        Threads = 1,
    };

    private (string Path, string Sha256) Garbage()
    {
        var path = Path.Combine(_folder, "garbage.onnx");
        File.WriteAllText(path, "no network");
        return (path, Convert.ToHexString(System.Security.Cryptography.SHA256.HashData("no network"u8)));
    }

    private static byte[] Plain((byte Red, byte Green, byte Blue) colour)
    {
        var pixels = new byte[ColourClassifier.Side * ColourClassifier.Side * 3];
        for (var i = 0; i < pixels.Length; i += 3)
            (pixels[i], pixels[i + 1], pixels[i + 2]) = colour;
        return pixels;
    }
}
