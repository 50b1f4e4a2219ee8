using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Messages;
using FlexEdit.Platform.Bus;

namespace FlexEdit.Storage.Outbox;

/// <summary>The messages that the outbox carries: commands go to one queue, the others to everybody who listens.</summary>
internal static class OutboxKinds
{
    private static readonly Dictionary<string, Type> Kinds = new[]
    {
        typeof(UnderstandEdit), typeof(GenerateEdit), typeof(EditCancelRequested),
        typeof(EditChanged), // Of versions before ChangeNews, which may still run beside this one.
    }.ToDictionary(type => type.Name);

    /// <summary>The kind of a message.</summary>
    /// <exception cref="InvalidOperationException">The outbox does not carry such messages.</exception>
    public static string NameOf(object message) => Kinds.ContainsKey(message.GetType().Name)
        ? message.GetType().Name
        : throw new InvalidOperationException($"The outbox does not carry {message.GetType().Name}.");

    /// <summary>Whether messages of a kind go to one queue.</summary>
    public static bool IsCommand(string kind) => kind is nameof(UnderstandEdit) or nameof(GenerateEdit);

    /// <summary>The message of a row and the queue that it is for; no queue: everybody.</summary>
    /// <exception cref="InvalidOperationException">No such kind.</exception>
    public static (object Message, string? Endpoint) Read(string kind, string body)
    {
        if (!Kinds.TryGetValue(kind, out var known))
            throw new InvalidOperationException($"The outbox holds a message of the unknown kind '{kind}'.");
        var message = JsonSerializer.Deserialize(body, known, ContractJson.Options)!;
        return (message, message switch
        {
            UnderstandEdit understand => BusEndpoints.Understand(understand.Model),
            GenerateEdit generate => BusEndpoints.Generate(generate.Model),
            _ => null,
        });
    }
}
