using System.Text.Json;
using FlexEdit.Models.Images;
using FlexEdit.Models.Layers;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Images;

public sealed class ImageProcessorParity
{
    private const double OneLevel = 1 / 255.0;

    [Theory, FixtureCases("clip-image-processor")]
    public void Clip_pictures_match_the_reference_within_one_level(string name)
    {
        using var scope = NewDisposeScope();
        using var fixture = FixtureCase.Open(name);
        var processor = Processor(fixture);

        Compare(fixture, processor, processor.Process(PngFixture.ReadPicture(fixture.File("input.png"))));
    }

    [Theory, FixtureCases("llava-image-processor")]
    public void Llava_pictures_are_padded_exactly_and_match_within_one_level(string name)
    {
        using var scope = NewDisposeScope();
        using var fixture = FixtureCase.Open(name);
        var processor = Processor(fixture);

        var padded = processor.PadToSquare(PngFixture.ReadPicture(fixture.File("input.png")));

        var expected = PngFixture.ReadPicture(fixture.File("padded.png"));
        (padded.Width, padded.Height).ShouldBe((expected.Width, expected.Height));
        padded.Pixels.AsSpan().SequenceEqual(expected.Pixels).ShouldBeTrue("padded.png");
        Compare(fixture, processor, processor.Process(padded));
    }

    [Theory, FixtureCases("vae-image-processor")]
    public void Autoencoder_pictures_match_the_reference_within_one_level(string name)
    {
        using var scope = NewDisposeScope();
        using var fixture = FixtureCase.Open(name);
        var (width, height) = (fixture.Json.GetProperty("width").GetInt32(), fixture.Json.GetProperty("height").GetInt32());
        var expected = fixture.Output("pixels");

        var pixels = VaeImageProcessor.Process(PngFixture.ReadPicture(fixture.File("input.png")), width, height);

        pixels.ShouldMatch(expected, fixture.Tolerance, "pixels");
        ((pixels - expected).abs().max().item<float>() / 2).ShouldBeLessThan((float)OneLevel);
        var back = VaeImageProcessor.ToPicture(pixels);
        VaeImageProcessor.Process(back, width, height).ShouldMatch(pixels, 1e-6, "there and back");
    }

    [Fact]
    public void Sizes_are_read_in_every_published_form()
    {
        PublishedConfig.Parse<ClipImageProcessorConfig>("""{"size": 336, "crop_size": 300}""").ShouldSatisfyAllConditions(
            c => c.Size.ShortestEdge.ShouldBe(336),
            c => c.CropSize.ShortestEdge.ShouldBe(300));
        var both = PublishedConfig.Parse<ClipImageProcessorConfig>("""{"size": {"height": 20, "width": 30}}""");
        (both.Size.Height, both.Size.Width).ShouldBe((20, 30));
        PublishedConfig.Parse<ClipImageProcessorConfig>(PublishedConfig.Format(both)).Size.ShouldBe(both.Size);
        Should.Throw<JsonException>(() => PublishedConfig.Parse<ClipImageProcessorConfig>("""{"size": {"longest_edge": 20}}""")).Message.ShouldContain("shortest_edge");
        Should.Throw<JsonException>(() => PublishedConfig.Parse<ClipImageProcessorConfig>("""{"size": "large"}"""));
    }

    [Fact]
    public void A_picture_smaller_than_the_cut_stands_in_the_middle_of_black()
    {
        using var scope = NewDisposeScope();
        var processor = new ClipImageProcessor(new ClipImageProcessorConfig
        {
            DoResize = false,
            CropSize = new ImageSize { Height = 3, Width = 4 },
            DoNormalize = false,
        });

        var pixels = processor.Process(new RgbPicture([.. Enumerable.Repeat((byte)255, 2 * 1 * 3)], 2, 1));

        pixels[0, 1].ShouldMatch(tensor(new float[,] { { 0, 0, 0, 0 }, { 0, 1, 1, 0 }, { 0, 0, 0, 0 } }), 1e-6);
    }

    [Fact]
    public void What_is_no_picture_is_refused()
    {
        Should.Throw<ArgumentException>(() => new RgbPicture(new byte[11], 2, 2)).Message.ShouldStartWith("11 samples are no picture of 2x2 pixels.");
        Should.Throw<ArgumentException>(() => VaeImageProcessor.ToPicture(zeros(2, 3, 4, 4))).Message.ShouldStartWith("A picture is [1, 3, H, W], not [2, 3, 4, 4].");
        var picture = new RgbPicture(new byte[12], 2, 2);
        Should.Throw<ArgumentOutOfRangeException>(() => PillowResampler.Resize(picture, 0, 2, ResamplingFilter.Bicubic));
        Should.Throw<ArgumentOutOfRangeException>(() => PillowResampler.Resize(picture, 3, 2, (ResamplingFilter)9)).Message.ShouldStartWith("Not a filter");
        PillowResampler.Resize(picture, 2, 2, ResamplingFilter.Lanczos).ShouldBeSameAs(picture);
    }

    private static ClipImageProcessor Processor(FixtureCase fixture) =>
        new(PublishedConfig.Parse<ClipImageProcessorConfig>(fixture.Config.GetRawText()));

    private static void Compare(FixtureCase fixture, ClipImageProcessor processor, Tensor pixels)
    {
        var expected = fixture.Output("pixel_values");
        pixels.ShouldMatch(expected, fixture.Tolerance, "pixel_values");
        var deviations = tensor(processor.Config.ImageStd.Select(s => (float)s).ToArray()).view(1, -1, 1, 1);
        ((pixels - expected) * deviations).abs().max().item<float>().ShouldBeLessThan((float)OneLevel);
    }
}
