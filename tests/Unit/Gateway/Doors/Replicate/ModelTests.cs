using System.Text.Json.Nodes;
using FlexEdit.Tests.Unit.Gateway.Running;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway.Doors.Replicate;

/// <summary>Models as Replicate's clients read them.</summary>
public class ModelTests(DoorServer server) : IClassFixture<DoorServer>
{
    private const string Path = $"/v1/models/flexedit/{Cards.Model}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Says_what_a_model_takes_and_gives()
    {
        var model = await GetAsync(Path);

        ((string)model["owner"]!, (string)model["name"]!, (string)model["visibility"]!, (int)model["run_count"]!).ShouldBe(("flexedit", Cards.Model, "public", 0));
        var schemas = model["latest_version"]!["openapi_schema"]!["components"]!["schemas"]!;
        ((string)schemas["Output"]!["type"]!, (string?)schemas["Output"]!["x-cog-array-type"]).ShouldBe(("array", null));
        var inputs = schemas["Input"]!["properties"]!.AsObject();
        inputs.Select(input => input.Key).ShouldBe(
            ["image", "mask", "prompt", "subject", "num_outputs", "seed", "num_inference_steps", "guidance_scale", "image_guidance_scale", "subject_scale", "background", "profile", "output_format"]);
        ((double)inputs["num_inference_steps"]!["minimum"]!, (double)inputs["num_inference_steps"]!["maximum"]!, (double)inputs["num_inference_steps"]!["default"]!).ShouldBe((1, 50, 8));
        inputs.Select(input => (int)input.Value!["x-order"]!).ShouldBe(Enumerable.Range(0, inputs.Count));
    }

    [Fact]
    public async Task Has_one_version()
    {
        var version = (await GetAsync(Path))["latest_version"]!;

        var listed = (await GetAsync($"{Path}/versions"))["results"]!.AsArray().ShouldHaveSingleItem()!;
        var one = await GetAsync($"{Path}/versions/{version["id"]}");

        JsonNode.DeepEquals(listed, version).ShouldBeTrue();
        JsonNode.DeepEquals(one, version).ShouldBeTrue();
    }

    private async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await server.Client.GetStringAsync(path, Token))!;
}
