using System.Security.Cryptography;
using System.Text;
using FlexEdit.Models.Editing;

namespace FlexEdit.Understanding.Engine;

/// <summary>
/// What the model made of the newest requests, by the content of exactly what it read: the same crop, mask, subject and
/// instruction are understood once. Thread-safe.
/// </summary>
/// <param name="entries">How many are kept; 0 for none.</param>
public sealed class UnderstandingMemory(int entries)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<(string Key, Models.Editing.Understanding Result)>> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Key, Models.Editing.Understanding Result)> _newestFirst = new();

    /// <summary>The key of a request to a model.</summary>
    /// <param name="model">The model's id and the digests of its files, so that other weights give another key.</param>
    /// <param name="request">The request.</param>
    public static string KeyOf(string model, UnderstandingRequest request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, Encoding.UTF8.GetBytes(model));
        Append(hash, request.Scene);
        Append(hash, request.Mask);
        Append(hash, request.Subject);
        Append(hash, Encoding.UTF8.GetBytes(request.Instruction));
        Append(hash, request.Label is null ? null : Encoding.UTF8.GetBytes(request.Label));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>What is remembered; null for nothing.</summary>
    public Models.Editing.Understanding? Find(string key)
    {
        lock (_gate)
        {
            if (!_byKey.TryGetValue(key, out var node))
                return null;
            _newestFirst.Remove(node);
            _newestFirst.AddFirst(node);
            return node.Value.Result;
        }
    }

    /// <summary>Remembers a result and forgets the one that was asked for least recently where there are too many.</summary>
    public void Keep(string key, Models.Editing.Understanding result)
    {
        lock (_gate)
        {
            if (entries == 0 || _byKey.ContainsKey(key))
                return;
            _byKey[key] = _newestFirst.AddFirst((key, result));
            if (_byKey.Count <= entries)
                return;
            _byKey.Remove(_newestFirst.Last!.Value.Key);
            _newestFirst.RemoveLast();
        }
    }

    // With its length, so that no two lists of parts give the same bytes; -1 for a part that is not there.
    private static void Append(IncrementalHash hash, byte[]? part)
    {
        hash.AppendData(BitConverter.GetBytes(part?.Length ?? -1));
        if (part is not null)
            hash.AppendData(part);
    }
}
