using Microsoft.Extensions.Options;
using Minio.DataModel.Args;

namespace FlexEdit.Platform.Objects.S3;

/// <summary>
/// An object store in an S3 bucket that trusts the server as little as it can: bodies carry their digest there, what was stored is
/// looked at once more, and what is fetched is held against the digest in its key (content-addressed objects) or its ETag.
/// </summary>
public sealed class S3ObjectStore : IObjectStore, IDisposable
{
    /// <summary>Longer objects are sent in parts.</summary>
    internal const long PartsAbove = 16 * 1024 * 1024;
    private const string ProbeKey = "probes/writable";
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan[] MissingAgain = [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200)];
    private readonly S3Options _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly S3Clients _clients;
    private readonly S3Transfer _transfer;
    private readonly S3Calls _calls;

    /// <summary>Uses the bucket of <paramref name="options"/>; it is made when it is missing.</summary>
    public S3ObjectStore(IOptions<ObjectStoreOptions> options, TimeProvider time)
    {
        (_options, _time) = (options.Value.S3, time);
        var connections = new SocketsHttpHandler
        {
            ConnectTimeout = ConnectTimeout,
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        _http = new HttpClient(connections) { Timeout = Timeout.InfiniteTimeSpan };
        _clients = new S3Clients(_options, connections, time);
        _transfer = new S3Transfer(_options, _clients, _http);
        _calls = new S3Calls(_options, _clients, time);
    }

    /// <inheritdoc/>
    public async Task PutAsync(string key, Stream content, string contentType, CancellationToken cancellationToken)
    {
        var (source, isOwn) = await Spool.SeekableAsync(content, cancellationToken);
        try
        {
            var start = source.Position;
            var length = source.Length - start;
            var md5 = await Md5Sum.OfAsync(source, cancellationToken);
            await _calls.RunAsync(async stall =>
            {
                var stored = length > PartsAbove
                    ? await PutPartsAsync(Checked(key), source, start, length, contentType, stall)
                    : await PutWholeAsync(Checked(key), source, start, length, md5, contentType, stall);
                if (stored)
                    await ConfirmAsync(key, length, md5, stall);
                return stored;
            }, cancellationToken);
        }
        finally
        {
            if (isOwn)
                await source.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public async Task<StoredObject?> OpenAsync(string key, CancellationToken cancellationToken)
    {
        for (var again = 0; ; again++)
        {
            var found = await _calls.RunAsync(stall => FetchAsync(Checked(key), stall), cancellationToken);
            if (found is not null || again == MissingAgain.Length)
                return found;
            // A store may not yet know what it took: nothing is missing before it has said so three times.
            await Task.Delay(MissingAgain[again], _time, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(string key, CancellationToken cancellationToken) =>
        _calls.RunAsync(async stall => await _transfer.StatAsync(Checked(key), stall) is not null, cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAsync(string key, CancellationToken cancellationToken) => _calls.RunAsync(async stall =>
    {
        await RemoveAsync(Checked(key), stall);
        return true;
    }, cancellationToken);

    /// <inheritdoc/>
    public async Task<long> DeleteUnderAsync(string prefix, CancellationToken cancellationToken)
    {
        // Over all tries.
        var count = 0L;
        await _calls.RunAsync(async stall =>
        {
            var args = new ListObjectsArgs().WithBucket(_options.Bucket).WithPrefix($"{Checked(prefix)}/").WithRecursive(true);
            await foreach (var item in _clients.Own.ListObjectsEnumAsync(args, stall.Token))
            {
                await RemoveAsync(item.Key, stall);
                count++;
                stall.Moved();
            }
            return true;
        }, cancellationToken);
        return count;
    }

    /// <inheritdoc/>
    public Task CheckAsync(CancellationToken cancellationToken) => _calls.RunAsync(async stall =>
    {
        using var probe = new MemoryStream([1], writable: false);
        var md5 = await Md5Sum.OfAsync(probe, stall.Token);
        probe.Position = 0;
        return await _transfer.PutAsync(ProbeKey, probe, probe.Length, md5, MediaTypes.Unknown, overwrite: true, stall);
    }, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<Uri?> LinkAsync(string key, CancellationToken cancellationToken)
    {
        var args = new PresignedGetObjectArgs().WithBucket(_options.Bucket).WithObject(Checked(key)).WithExpiry((int)_options.LinkLifetime.TotalSeconds);
        return new Uri(await _clients.Public.PresignedGetObjectAsync(args));
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<bool> PutWholeAsync(string key, Stream source, long start, long length, string md5, string contentType, Stall stall)
    {
        source.Position = start;
        var (stored, tag) = await _transfer.PutAsync(key, source, length, md5, contentType, overwrite: false, stall);
        if (!stored)
        {
            // The object is immutable, so it stands; except one under the digest of other bytes, which a lying store has spoilt.
            if (ObjectKeys.DigestOf(key) is null || await _transfer.StatAsync(key, stall) is not { } there || (there.Length == length && (there.Md5 ?? md5) == md5))
                return false;
            source.Position = start;
            (_, tag) = await _transfer.PutAsync(key, source, length, md5, contentType, overwrite: true, stall);
        }
        if (tag is not null && tag != md5)
            await ReadBackAsync(key, md5, stall);
        return true;
    }

    private async Task<bool> PutPartsAsync(string key, Stream source, long start, long length, string contentType, Stall stall)
    {
        if (await _transfer.StatAsync(key, stall) is { } there && (there.Length == length || ObjectKeys.DigestOf(key) is null))
            return false;
        source.Position = start;
        // The library reports after each part; a part has the same time as any other sign of life.
        var args = new PutObjectArgs().WithBucket(_options.Bucket).WithObject(key).WithStreamData(source).WithObjectSize(length)
            .WithContentType(contentType).WithProgress(new SignOfLife(stall));
        await _clients.Own.PutObjectAsync(args, stall.Token);
        return true;
    }

    // 200 is a promise; this is the look whether it was kept.
    private async Task ConfirmAsync(string key, long length, string md5, Stall stall)
    {
        stall.Moved();
        var stat = await _transfer.StatAsync(key, stall)
            ?? throw new S3Failure($"The object store at {_options.Endpoint} took an object and does not have it.", passing: true);
        if (stat.Length != length)
        {
            await RemoveAsync(key, stall);
            throw new S3Failure($"The object store at {_options.Endpoint} took {length} bytes and has {stat.Length}.", passing: true);
        }
        if (stat.Md5 is not null && stat.Md5 != md5)
            await ReadBackAsync(key, md5, stall);
    }

    // An ETag that is not the body's digest: either the tag is wrong or the bytes are.
    private async Task ReadBackAsync(string key, string md5, Stall stall)
    {
        var there = await _transfer.FetchAsync(key, stall);
        await using var content = there?.Content;
        if (there?.ActualMd5 == md5)
            return;
        await RemoveAsync(key, stall);
        throw new S3Failure($"The object store at {_options.Endpoint} stored other bytes than it was sent.", passing: true);
    }

    private async Task<StoredObject?> FetchAsync(string key, Stall stall)
    {
        if (await _transfer.FetchAsync(key, stall) is not { } got)
            return null;
        var intact = ObjectKeys.DigestOf(key) is { } digest ? got.ActualSha256 == digest : got.Md5 is null || got.Md5 == got.ActualMd5;
        if (intact)
            return new StoredObject(got.Content, got.Content.Length, got.ContentType ?? MediaTypes.OfKey(key));
        await got.Content.DisposeAsync();
        throw new S3Failure($"The object store at {_options.Endpoint} returned other bytes than were stored.", passing: true);
    }

    private Task RemoveAsync(string key, Stall stall) =>
        _clients.Own.RemoveObjectAsync(new RemoveObjectArgs().WithBucket(_options.Bucket).WithObject(key), stall.Token);

    private static string Checked(string key) => ObjectKeys.IsWellFormed(key)
        ? key
        : throw new ArgumentException("An object key consists of parts [a-z0-9._-] joined by '/', none beginning with a dot.", nameof(key));

    private sealed class SignOfLife(Stall stall) : IProgress<Minio.DataModel.ProgressReport>
    {
        public void Report(Minio.DataModel.ProgressReport value) => stall.Moved();
    }
}
