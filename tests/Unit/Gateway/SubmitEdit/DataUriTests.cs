using System.Text;
using CsCheck;
using FlexEdit.Gateway.Edits.SubmitEdit;
using FlexEdit.Platform.Problems;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway.SubmitEdit;

public sealed class DataUriTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-datauri-").FullName;
    private int _files;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Returns_the_bytes_however_a_JSON_writer_escapes_them() =>
        Gen.Select(Gen.Byte.Array[0, 200], Gen.Int[0, 2]).Sample((bytes, escapes) =>
        {
            var text = Convert.ToBase64String(bytes);
            text = escapes switch { 1 => text.Replace("/", "\\/", StringComparison.Ordinal), 2 => text.Replace("+", "\\u002B", StringComparison.Ordinal).Replace("=", "\\u003d", StringComparison.Ordinal), _ => text };
            File.ReadAllBytes(Save($"data:image/png;base64,{text}").Path).ShouldBe(bytes);
        }, iter: 200);

    [Theory]
    [InlineData(36_863)]
    [InlineData(36_864)]
    [InlineData(36_865)]
    [InlineData(200_000)]
    public void Joins_blocks_without_a_seam(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        // An escape in every fourth place or so crosses each seam somewhere.
        var text = Convert.ToBase64String(bytes).Replace("A", "\\u0041", StringComparison.Ordinal).Replace("/", "\\/", StringComparison.Ordinal);
        var upload = Save($"data:;base64,{text}");
        File.ReadAllBytes(upload.Path).ShouldBe(bytes);
        upload.Bytes.ShouldBe(length);
        upload.Sha256.ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)));
    }

    [Theory]
    [InlineData("data:image/png;base64,AAA", 400, "malformed")]
    [InlineData("data:image/png;base64,A=AA", 400, "malformed")]
    [InlineData("data:image/png;base64,QQ==QQ==", 400, "malformed")]
    [InlineData("data:image/png;base64,AA*A", 400, "malformed")]
    [InlineData("data:image/png;base64,AA\\u00e4A", 400, "malformed")]
    [InlineData("data:image/png,AAAA", 400, "malformed")]
    [InlineData("data:image/png;base64", 400, "malformed")]
    [InlineData("AAAA", 400, "malformed")]
    [InlineData("", 400, "malformed")]
    [InlineData("file:///etc/passwd", 400, "malformed")]
    public void Refuses_anything_else(string uri, int status, string code)
    {
        var problem = Should.Throw<ProblemException>(() => Save(uri)).Problem;
        (problem.Status, problem.Code, problem.Param).ShouldBe((status, code, "scene"));
    }

    [Fact]
    public void Stops_at_the_limit()
    {
        var problem = Should.Throw<ProblemException>(() => Save("data:;base64," + Convert.ToBase64String(new byte[1001]), limit: 1000)).Problem;
        (problem.Status, problem.Code, problem.Param).ShouldBe((413, "payload_too_large", "scene"));
        Save("data:;base64," + Convert.ToBase64String(new byte[1000]), limit: 1000).Bytes.ShouldBe(1000);
    }

    private FlexEdit.Gateway.Uploads.Upload Save(string json, long limit = 1_000_000) =>
        DataUri.Save(Encoding.UTF8.GetBytes(json), Path.Combine(_folder, $"{Interlocked.Increment(ref _files)}"), limit, "scene");
}
