using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Minio.DataModel.Args;

namespace FlexEdit.Platform.Objects.S3;

/// <summary>
/// Moves bodies to and from the bucket through presigned URLs, piece by piece: the client library would hold what it sends whole in
/// memory, and asks three times for what it gets once.
/// </summary>
internal sealed class S3Transfer(S3Options options, S3Clients clients, HttpClient http)
{
    private const int SignedForSeconds = 3600;
    private const int PieceBytes = 64 * 1024;

    /// <summary>What the store says of an object.</summary>
    /// <param name="Length">Bytes.</param>
    /// <param name="Md5">MD5 as 32 hexadecimal digits; null where the ETag is something else.</param>
    public sealed record Stat(long Length, string? Md5);

    /// <summary>An object as it came.</summary>
    public sealed record Received(Stream Content, string? ContentType, string? Md5, string ActualMd5, string ActualSha256);

    /// <summary>Stores a body under a key. False: there is an object already, and <paramref name="overwrite"/> is false.</summary>
    public async Task<(bool Stored, string? Md5)> PutAsync(string key, Stream body, long length, string md5, string contentType, bool overwrite, Stall stall)
    {
        var args = new PresignedPutObjectArgs().WithBucket(options.Bucket).WithObject(key).WithExpiry(SignedForSeconds);
        using var request = new HttpRequestMessage(HttpMethod.Put, await clients.Own.PresignedPutObjectAsync(args))
        {
            Content = new WatchedContent(body, length, stall),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        // The server refuses a body that is not the one whose digest was announced.
        request.Content.Headers.ContentMD5 = Convert.FromHexString(md5);
        if (!overwrite)
            request.Headers.TryAddWithoutValidation("If-None-Match", "*");
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token);
        if (answer.StatusCode == HttpStatusCode.PreconditionFailed)
            return (false, null);
        if (!answer.IsSuccessStatusCode)
            throw await S3Failure.OfAsync(answer, options, stall.Token);
        return (true, Md5Of(answer));
    }

    /// <summary>What is stored under a key; null for nothing. Asks for one byte, because a presigned link is good for one method.</summary>
    public async Task<Stat?> StatAsync(string key, Stall stall)
    {
        using var answer = await GetAsync(key, new RangeHeaderValue(0, 0), stall);
        if (answer is null)
            return null;
        // 416: there is no first byte.
        var length = answer.StatusCode == HttpStatusCode.OK ? answer.Content.Headers.ContentLength : answer.Content.Headers.ContentRange?.Length;
        if (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            return new Stat(length ?? 0, null);
        return new Stat(length ?? throw new S3Failure($"The object store at {options.Endpoint} does not say how long an object is.", passing: true), Md5Of(answer));
    }

    /// <summary>Fetches an object; null for none. The caller disposes its content, which stands at the beginning.</summary>
    public async Task<Received?> FetchAsync(string key, Stall stall)
    {
        using var answer = await GetAsync(key, range: null, stall);
        if (answer is null)
            return null;
        var expected = answer.Content.Headers.ContentLength;
        var target = Spool.Create(expected);
        try
        {
            var (md5, sha256) = await CopyAsync(answer, target, stall);
            if (expected is not null && target.Length != expected)
                throw new S3Failure($"The object store at {options.Endpoint} sent {target.Length} of {expected} bytes.", passing: true);
            target.Position = 0;
            return new Received(target, answer.Content.Headers.ContentType?.ToString(), Md5Of(answer), md5, sha256);
        }
        catch
        {
            await target.DisposeAsync();
            throw;
        }
    }

    private async Task<HttpResponseMessage?> GetAsync(string key, RangeHeaderValue? range, Stall stall)
    {
        var args = new PresignedGetObjectArgs().WithBucket(options.Bucket).WithObject(key).WithExpiry(SignedForSeconds);
        using var request = new HttpRequestMessage(HttpMethod.Get, await clients.Own.PresignedGetObjectAsync(args));
        request.Headers.Range = range;
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token);
        if (answer.IsSuccessStatusCode || (range is not null && answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable))
            return answer;
        using (answer)
        {
            var failure = await S3Failure.OfAsync(answer, options, stall.Token);
            return answer.StatusCode == HttpStatusCode.NotFound && !failure.NoBucket ? null : throw failure;
        }
    }

    private static async Task<(string Md5, string Sha256)> CopyAsync(HttpResponseMessage answer, Stream target, Stall stall)
    {
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var source = await answer.Content.ReadAsStreamAsync(stall.Token);
        var piece = new byte[PieceBytes];
        for (int read; (read = await source.ReadAsync(piece, stall.Token)) > 0;)
        {
            stall.Moved();
            md5.AppendData(piece, 0, read);
            sha256.AppendData(piece, 0, read);
            await target.WriteAsync(piece.AsMemory(0, read), stall.Token);
        }
        return (Convert.ToHexStringLower(md5.GetHashAndReset()), Convert.ToHexStringLower(sha256.GetHashAndReset()));
    }

    private string? Md5Of(HttpResponseMessage answer)
    {
        if (!options.EtagIsMd5 || !answer.Headers.NonValidated.TryGetValues("ETag", out var values))
            return null;
        var tag = values.ToString().Trim('"');
        return tag.Length == 32 && tag.All(char.IsAsciiHexDigit) ? tag.ToLowerInvariant() : null;
    }
}
