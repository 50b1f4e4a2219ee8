using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FlexEdit.Contracts.Edits;
using FlexEdit.Masks;
using FlexEdit.Tests.EndToEnd.Hosting;
using FlexEdit.Tests.EndToEnd.Pictures;
using FlexEdit.Tests.EndToEnd.Requests;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Submitting;

[Collection(ServerCollection.Name)]
public sealed class SubmitTests(StandaloneServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_form_with_a_mask_file_becomes_an_edited_picture()
    {
        using var answer = await server.Calls.PostAsync(new EditForm
        {
            Scene = Scenes.PhotographPng(),
            Mask = Scenes.MaskPng(320, 240, new Box(120, 90, 70, 60)),
        });

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var accepted = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        var id = accepted.GetProperty("id").GetString()!;
        id.ShouldStartWith("edt_");
        accepted.GetProperty("object").GetString().ShouldBe("edit");
        answer.Headers.Location!.ToString().ShouldBe($"/v1/edits/{id}");
        answer.Headers.RetryAfter.ShouldNotBeNull();

        var job = await server.Calls.EndOfAsync(id);
        job.Status.ShouldBe(EditStatus.Succeeded);
        job.Understanding!.Answer.ShouldStartWith("The masks mean \"");
        job.Understanding.Label.ShouldNotBeNullOrEmpty();
        job.Understanding.Confidence.ShouldBeInRange(0, 1);
        (job.Timings!.TotalMs >= job.Timings.GeneratingMs).ShouldBeTrue();
        var output = job.Outputs.ShouldHaveSingleItem();
        (output.Width, output.Height, output.ContentType, output.Seed).ShouldBe((320, 240, "image/png", 7u));
    }

    [Fact]
    public async Task A_json_body_with_data_uris_becomes_an_edited_picture()
    {
        var body = new
        {
            scene = DataUri(Scenes.PhotographPng()),
            mask = DataUri(Scenes.MaskPng(320, 240, new Box(120, 90, 70, 60))),
            subject = DataUri(Scenes.SubjectPng()),
            instruction = "Add the object of [pic2] at the mask in [pic1].",
            n = 2,
            seed = 4,
            output_format = "webp",
            metadata = new { order = "17" },
        };

        using var answer = await server.Http.PostAsJsonAsync("/v1/edits", body, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync(Cancellation));
        var accepted = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        accepted.GetProperty("metadata").GetProperty("order").GetString().ShouldBe("17");
        var job = await server.Calls.EndOfAsync(accepted.GetProperty("id").GetString()!);
        job.Status.ShouldBe(EditStatus.Succeeded);
        job.Inputs!.Subject!.Width.ShouldBe(64);
        job.Outputs.Select(output => (output.Index, output.Seed, output.ContentType)).ShouldBe([(0, 4u, "image/webp"), (1, 5u, "image/webp")]);
    }

    [Fact]
    public async Task Marks_are_drawn_as_every_client_draws_them()
    {
        const string shapes = """[{"type":"stroke","points":[[100,100],[160,130,9]],"radius":14},{"op":"subtract","type":"rectangle","x":120,"y":100,"width":10,"height":60}]""";

        var job = await server.Calls.RunAsync(new EditForm { Scene = Scenes.PhotographPng(), Shapes = shapes });

        var used = await server.Calls.PictureAsync($"/v1/edits/{job.Id}/inputs/mask");
        var drawn = Masks.Shapes.MarkRasteriser.Draw(Masks.Shapes.MarkReader.Read(shapes), 320, 240);
        Mask.FromSamples(used.WithoutAlpha().Pixels.Where((_, i) => i % 3 == 0).ToArray(), 320, 240).Pixels.ShouldBe(drawn.Pixels);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_pixels_and_another_one_does_not()
    {
        var form = new EditForm { Scene = Scenes.PhotographPng(), Shapes = Scenes.RingAt(160, 120, 50), Subject = Scenes.SubjectPng(), Instruction = "Add the object of [pic2]." };

        var first = await server.Calls.RunAsync(form);
        var again = await server.Calls.RunAsync(form);
        var other = await server.Calls.RunAsync(form with { Options = [("seed", "8")] });

        again.Outputs[0].PictureSha256.ShouldBe(first.Outputs[0].PictureSha256);
        other.Outputs[0].PictureSha256.ShouldNotBe(first.Outputs[0].PictureSha256);
        (await server.Calls.PictureAsync(again.Outputs[0].Url)).Pixels.ShouldBe((await server.Calls.PictureAsync(first.Outputs[0].Url)).Pixels);
    }

    [Fact]
    public async Task A_client_that_prefers_to_wait_gets_the_finished_job()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/edits")
        {
            Content = new EditForm { Scene = Scenes.PhotographPng(), Shapes = Scenes.RingAt(160, 120, 50) }.ToMultipart(),
            Headers = { { "Prefer", "wait=60" } },
        };

        using var answer = await server.Http.SendAsync(request, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("Preference-Applied").ShouldBe(["wait=60"]);
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("status").GetString().ShouldBe("succeeded");
    }

    private static string DataUri(byte[] picture) => $"data:image/png;base64,{Convert.ToBase64String(picture)}";
}
