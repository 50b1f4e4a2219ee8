using System.Net;
using System.Net.Http.Headers;
using System.Text;
using FlexEdit.Tests.EndToEnd.Hosting;
using FlexEdit.Tests.EndToEnd.Pictures;
using FlexEdit.Tests.EndToEnd.Requests;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Results;

[Collection(ServerCollection.Name)]
public sealed class OutputTests(StandaloneServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_result_can_be_cached_privately_and_read_in_parts()
    {
        var job = await server.Calls.RunAsync(new EditForm { Scene = Scenes.PhotographPng(), Shapes = Scenes.RingAt(160, 120, 40) });
        using var whole = await server.Http.GetAsync(job.Outputs[0].Url, Cancellation);
        var bytes = await whole.Content.ReadAsByteArrayAsync(Cancellation);

        whole.Headers.CacheControl!.Private.ShouldBeTrue();
        whole.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        using var part = await SendAsync(job.Outputs[0].Url, request => request.Headers.Range = new RangeHeaderValue(10, 29));
        part.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (await part.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBe(bytes[10..30]);
        using var known = await SendAsync(job.Outputs[0].Url, request => request.Headers.IfNoneMatch.Add(whole.Headers.ETag!));
        known.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task A_part_beyond_a_pictures_end_is_a_problem_and_no_picture()
    {
        var job = await server.Calls.RunAsync(new EditForm { Scene = Scenes.PhotographPng(), Shapes = Scenes.RingAt(160, 120, 40) });

        using var beyond = await SendAsync(job.Outputs[0].Url, request => request.Headers.Range = new RangeHeaderValue(99_999_999, null));

        beyond.StatusCode.ShouldBe(HttpStatusCode.RequestedRangeNotSatisfiable);
        (await EditCalls.ProblemOfAsync(beyond)).GetProperty("code").GetString().ShouldBe("malformed");
        beyond.Content.Headers.ContentRange!.HasRange.ShouldBeFalse();
        beyond.Content.Headers.ContentDisposition.ShouldBeNull();
    }

    [Theory]
    [InlineData("png", "iTXt", "eXIf", "tEXt", "zTXt", "iCCP")]
    [InlineData("jpeg", "http://ns.adobe.com/xap/1.0/\0", "Exif", "http://ns.adobe.com/xmp/extension", "ICC_PROFILE", "Photoshop")]
    [InlineData("webp", "XMP ", "EXIF", "ICCP")]
    public async Task Nothing_of_the_uploads_metadata_comes_back_and_the_result_says_that_a_model_made_it(string format, string xmp, params string[] markers)
    {
        var job = await server.Calls.RunAsync(new EditForm
        {
            Scene = TaggedPictures.WithSecrets(Scenes.Photograph(320, 240)),
            SceneFileName = "scene.jpg",
            Shapes = Scenes.RingAt(160, 120, 40),
            Options = [("output_format", format)],
        });

        Has(TaggedPictures.WithSecrets(Scenes.Photograph(32, 32)), TaggedPictures.Secret).ShouldBeTrue("the upload does have them");
        foreach (var url in new[] { job.Outputs[0].Url, $"/v1/edits/{job.Id}/inputs/scene", job.Outputs[0].Preservation!.EditedMask })
        {
            var file = await server.Calls.DownloadAsync(url);
            foreach (var marker in markers.Append(TaggedPictures.Secret))
                Has(file, marker).ShouldBeFalse($"{url} holds '{marker}'");
            // One packet, of the result's own.
            file.AsSpan().Count(Encoding.ASCII.GetBytes(xmp)).ShouldBe(url == job.Outputs[0].Url ? 1 : 0, url);
        }
        using var result = NetVips.Image.NewFromBuffer(await server.Calls.DownloadAsync(job.Outputs[0].Url));
        var packet = Encoding.UTF8.GetString((byte[])result.Get("xmp-data"));
        packet.ShouldContain(">http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia<");
        packet.ShouldContain(">flexedit-tiny<");
        packet.ShouldContain($">{job.Id}<");
        packet.ShouldNotContain(job.Instruction);
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await server.Calls.DownloadAsync(job.Outputs[0].Url))).ShouldBe(job.Outputs[0].Sha256);
        job.Outputs[0].PictureSha256.ShouldNotBe(job.Outputs[0].Sha256);
    }

    private async Task<HttpResponseMessage> SendAsync(string url, Action<HttpRequestMessage> change)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        change(request);
        return await server.Http.SendAsync(request, Cancellation);
    }

    private static bool Has(byte[] file, string marker) => file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(marker)) >= 0;
}
