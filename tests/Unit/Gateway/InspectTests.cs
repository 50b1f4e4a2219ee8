using System.Diagnostics;
using System.Text.Json.Nodes;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Tests.Unit.Gateway.Running;
using FlexEdit.Tests.Unit.Imaging;
using Shouldly;
using Xunit;
using static FlexEdit.Tests.Unit.Gateway.Running.Answers;

namespace FlexEdit.Tests.Unit.Gateway;

public sealed class InspectTests(InspectTests.Server server) : IClassFixture<InspectTests.Server>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Says_what_an_edit_would_take_the_mask_for()
    {
        var result = await InspectedAsync(("scene", Pictures.Scene()), ("mask", Pictures.Mask()));

        result.Select(member => member.Key).ShouldBe(
            ["object", "width", "height", "coverage", "polarity", "components", "box", "orientation", "overlay", "warnings"]);
        ((string)result["object"]!, (int)result["width"]!, (double)result["coverage"]!, (int)result["components"]!, (int)result["orientation"]!)
            .ShouldBe(("mask_inspection", Pictures.Width, 0.5, 1, 1));
        ((string)result["polarity"]!["used"]!, (string)result["polarity"]!["from"]!).ShouldBe(("white_edits", "auto"));
        result["box"]!.AsArray().Select(number => (int)number!).ShouldBe([0, 0, Pictures.Width / 2, Pictures.Height]);
        result["warnings"]!.AsArray().Select(warning => (string)warning!).ShouldBe(["the mask touches the picture's edge"]);

        var overlay = Overlay(result);
        (overlay.Width, overlay.Height).ShouldBe((Pictures.Width, Pictures.Height));
        var scene = PictureDecoder.Decode(Pictures.Scene()).Pixels;
        overlay.Pixel(50, 20)[..3].SequenceEqual(scene.Pixel(50, 20)[..3]).ShouldBeTrue();
        overlay.Pixel(5, 5)[..3].SequenceEqual(scene.Pixel(5, 5)[..3]).ShouldBeFalse();
        server.UploadsLeft.ShouldBeEmpty();
    }

    [Fact]
    public async Task Reads_marks_and_counts_their_pieces_in_the_upright_scene()
    {
        const string Shapes = """[{"type":"rectangle","x":2,"y":2,"width":8,"height":8},{"type":"rectangle","x":12,"y":30,"width":8,"height":4}]""";

        var result = await InspectedAsync(("scene", Files.JpegWithOrientation(Files.Quarters(40, 24), 6)), ("mask_shapes", Shapes));

        ((int)result["width"]!, (int)result["height"]!, (int)result["orientation"]!, (int)result["components"]!).ShouldBe((24, 40, 6, 2));
        result["polarity"].ShouldBeNull();
        result["box"]!.AsArray().Select(number => (int)number!).ShouldBe([2, 2, 18, 32]);
        ((double)result["coverage"]!).ShouldBe(Math.Round(96.0 / (24 * 40), 6));
        result["warnings"]!.AsArray().ShouldBeEmpty();
    }

    // Group 24.
    [Theory]
    [InlineData(0, "white_edits", "the mask marks nothing")]
    [InlineData(255, "white_edits", "the mask covers the whole picture")]
    [InlineData(0, "black_edits", "the mask covers the whole picture")]
    public async Task Warns_where_an_edit_would_be_a_surprise(byte value, string polarity, string warning)
    {
        var result = await InspectedAsync(("scene", Pictures.Scene()), ("mask", Pictures.Plain(value)), ("mask_polarity", polarity));

        result["warnings"]!.AsArray().Select(one => (string)one!).ShouldHaveSingleItem().ShouldStartWith(warning);
        ((string)result["polarity"]!["from"]!).ShouldBe(polarity);
        if (warning.EndsWith("nothing", StringComparison.Ordinal))
            result["box"].ShouldBeNull();
    }

    [Fact]
    public async Task Warns_of_a_mask_that_was_scaled_or_is_tiny()
    {
        var scaled = await InspectedAsync(("scene", Pictures.Scene()), ("mask", Pictures.Mask(120, 80)));
        scaled["warnings"]!.AsArray().Select(one => (string)one!).ShouldContain("the mask was scaled from 120x80 to the scene's 60x40");

        var tiny = await InspectedAsync(("scene", Pictures.Scene()), ("mask_shapes", """[{"type":"rectangle","x":9,"y":9,"width":2,"height":2}]"""));
        tiny["warnings"]!.AsArray().Select(one => (string)one!).ShouldBe(["the mask marks only 4 pixels"]);
    }

    // Groups 23 and 25.
    [Theory]
    [InlineData("scene", null, 422, "scene_required", "scene")]
    [InlineData("mask", null, 422, "mask_required", "mask")]
    [InlineData("mask_shapes", "[]", 422, "mask_invalid", "mask_shapes")]
    [InlineData("mask_polarity", "red_edits", 422, "option_out_of_range", "mask_polarity")]
    [InlineData("instruction", "remove", 422, "unknown_field", "instruction")]
    [InlineData("scene", "ast_none", 422, "unknown_asset", "scene")]
    [InlineData("mask", "http://127.0.0.1/", 422, "invalid_url", "mask")]
    public async Task Refuses_a_field(string field, string? value, int status, string code, string param)
    {
        var fields = new Dictionary<string, object?> { ["scene"] = Pictures.Scene(), ["mask"] = Pictures.Mask() };
        fields[field] = value;
        using var form = Form([.. fields.Select(one => (one.Key, one.Value))]);
        using var answer = await server.Client.PostAsync("/v1/masks:inspect", form, Token);
        await answer.ShouldBeProblemAsync(status, code, param);
        server.UploadsLeft.ShouldBeEmpty();
    }

    public static TheoryData<string, byte[], int, string> BadPictures =>
        [.. SubmitTests.BadPictures.Where(row => row.Data.Item4 is not "mask_empty" && row.Data.Item1 != "subject" && row.Data.Item2.Length < 200_000)];

    [Theory]
    [MemberData(nameof(BadPictures))]
    public async Task Refuses_a_picture_as_an_edit_would(string field, byte[] file, int status, string code)
    {
        var fields = new Dictionary<string, object?> { ["scene"] = Pictures.Scene(), ["mask"] = Pictures.Mask() };
        fields[field] = file;
        using var form = Form([.. fields.Select(one => (one.Key, one.Value))]);
        using var answer = await server.Client.PostAsync("/v1/masks:inspect", form, Token);
        await answer.ShouldBeProblemAsync(status, code, field);
    }

    [Fact]
    public async Task Inspects_an_asset_of_a_megapixel_and_stores_nothing()
    {
        using var upload = await server.Client.PostAsync("/v1/assets", Form(("file", Pictures.SceneJpeg(1152, 868))), Token);
        var asset = (string)(await upload.BodyAsync())["id"]!;
        var body = $$"""{"scene":"{{asset}}","mask_shapes":[{"type":"stroke","points":[[300,300],[700,500]],"radius":60,"hollow":9}]}""";
        var times = new List<double>();
        for (var i = 0; i < 12; i++)
        {
            var began = Stopwatch.GetTimestamp();
            using var answer = await server.Client.PostAsync("/v1/masks:inspect", Json(body), Token);
            var result = await answer.BodyAsync();
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            answer.StatusCode.ShouldBe(200);
            Overlay(result).Width.ShouldBe(512);
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"An uploaded asset of a megapixel: {times.Order().ElementAt(6):0} ms (median of 12; first {times[0]:0}).");
        JsonNode.Parse(await server.Client.GetStringAsync("/v1/edits", Token))!["data"]!.AsArray().ShouldBeEmpty();
        JsonNode.Parse(await server.Client.GetStringAsync("/v1/assets", Token))!["data"]!.AsArray().Select(one => (string)one!["id"]!).ShouldBe([asset]);
    }

    private async Task<JsonObject> InspectedAsync(params (string, object?)[] fields)
    {
        using var form = Form(fields);
        using var answer = await server.Client.PostAsync("/v1/masks:inspect", form, Token);
        var body = await answer.BodyAsync();
        answer.StatusCode.ShouldBe(200);
        return body;
    }

    private static FlexEdit.Imaging.Pixels.RgbaImage Overlay(JsonObject result)
    {
        const string Head = "data:image/png;base64,";
        var text = (string)result["overlay"]!;
        text.ShouldStartWith(Head);
        return PictureDecoder.Decode(Convert.FromBase64String(text[Head.Length..])).Pixels;
    }

    public sealed class Server : GatewayServer
    {
        protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?> { ["FlexEdit:Gateway:PictureBytes"] = "5000000" };
    }
}
