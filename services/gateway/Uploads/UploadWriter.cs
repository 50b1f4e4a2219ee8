using System.Security.Cryptography;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Uploads;

/// <summary>Writes what comes from a client to a file, counting and hashing on the way.</summary>
internal sealed class UploadWriter : IDisposable
{
    private readonly FileStream _file;
    private readonly string _field;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly long _limit;
    private long _bytes;

    /// <param name="path">A new file.</param>
    /// <param name="limit">Most bytes.</param>
    /// <param name="field">The field's name in errors.</param>
    public UploadWriter(string path, long limit, string field)
    {
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        (_limit, _field) = (limit, field);
    }

    /// <summary>Adds bytes.</summary>
    /// <exception cref="ProblemException">413: more than the limit.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        _bytes += bytes.Length;
        if (_bytes > _limit)
            throw new ProblemException(Problem.TooLarge($"{_field} is larger than the {_limit} bytes allowed.", _field));
        _hash.AppendData(bytes);
        _file.Write(bytes);
    }

    /// <summary>Closes the file.</summary>
    public Upload Finish()
    {
        _file.Dispose();
        return new Upload(_file.Name, _bytes, Convert.ToHexStringLower(_hash.GetHashAndReset()));
    }

    public void Dispose()
    {
        _file.Dispose();
        _hash.Dispose();
    }

    /// <summary>Copies a stream to its end.</summary>
    /// <exception cref="ProblemException">413: more than the limit.</exception>
    public static async Task<Upload> CopyAsync(Stream source, string path, long limit, string field, CancellationToken cancellationToken)
    {
        using var writer = new UploadWriter(path, limit, field);
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await source.ReadAsync(buffer, cancellationToken)) > 0)
            writer.Write(buffer.AsSpan(0, read));
        return writer.Finish();
    }
}
