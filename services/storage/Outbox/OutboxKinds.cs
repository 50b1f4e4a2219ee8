using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Messages;
using FlexEdit.Platform.Bus;

namespace FlexEdit.Storage.Outbox;

/// <summary>The messages that the outbox carries: commands go to one queue, the others to everybody who listens.</summary>
internal static class OutboxKinds
{
    private static readonly Dictionary<string, (Type Type, string? Endpoint)> Kinds = new()
    {
        [nameof(UnderstandEdit)] = (typeof(UnderstandEdit), BusEndpoints.Understand),
        [nameof(GenerateEdit)] = (typeof(GenerateEdit), BusEndpoints.Generate),
        [nameof(EditCancelRequested)] = (typeof(EditCancelRequested), null),
        [nameof(EditChanged)] = (typeof(EditChanged), null),
    };

    /// <summary>The kind of a message.</summary>
    /// <exception cref="InvalidOperationException">The outbox does not carry such messages.</exception>
    public static string NameOf(object message) => Kinds.ContainsKey(message.GetType().Name)
        ? message.GetType().Name
        : throw new InvalidOperationException($"The outbox does not carry {message.GetType().Name}.");

    /// <summary>The message of a row and the queue that it is for; no queue: everybody.</summary>
    /// <exception cref="InvalidOperationException">No such kind.</exception>
    public static (object Message, string? Endpoint) Read(string kind, string body)
    {
        if (!Kinds.TryGetValue(kind, out var known))
            throw new InvalidOperationException($"The outbox holds a message of the unknown kind '{kind}'.");
        return (JsonSerializer.Deserialize(body, known.Type, ContractJson.Options)!, known.Endpoint);
    }
}
