using FlexEdit.Platform.Secrets;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace FlexEdit.Platform.Bus;

/// <summary>The broker's user and password as they are when a connection is made: from files where those are set, else from the address.</summary>
internal sealed class BrokerCredentials(IOptions<BusOptions> options, TimeProvider time) : ICredentialsProvider
{
    private readonly Secret _user = new(null, options.Value.RabbitMqUserFile, time);
    private readonly Secret _password = new(null, options.Value.RabbitMqPasswordFile, time);

    /// <summary>Whether a file is set; otherwise the address says all.</summary>
    public bool AreInFiles => options.Value.RabbitMqUserFile is { Length: > 0 } || options.Value.RabbitMqPasswordFile is { Length: > 0 };

    public string Name => "files";

    public Task<Credentials> GetCredentialsAsync(CancellationToken cancellationToken = default)
    {
        var parts = options.Value.RabbitMq!.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString).ToArray();
        return new BasicCredentialsProvider(
            Name,
            _user.Current ?? (parts[0].Length > 0 ? parts[0] : ConnectionFactory.DefaultUser),
            _password.Current ?? (parts.Length > 1 ? parts[1] : ConnectionFactory.DefaultPass)).GetCredentialsAsync(cancellationToken);
    }
}
