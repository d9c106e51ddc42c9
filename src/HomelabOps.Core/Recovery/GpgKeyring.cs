using HomelabOps.Core.Machine;

namespace HomelabOps.Core.Recovery;

/// <summary>The private keys of PGP that gpg has, by their fingerprints.</summary>
internal static class GpgKeyring
{
    private const int Fields = 15;
    private const int Value = 9;
    private const int Uses = 11;
    private const int Place = 14;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Fingerprints of all keys of which a part that decrypts is here or on a card, with those of their parts; empty where there is no gpg.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlySet<string>> ReadAsync(CancellationToken cancellationToken)
    {
        // As sops finds it.
        var program = Programs.Find(Environment.GetEnvironmentVariable("SOPS_GPG_EXEC") is { Length: > 0 } named ? named : "gpg");
        return program is null ? new HashSet<string>(StringComparer.Ordinal) : Parse(await RunAsync(program, cancellationToken));
    }

    /// <summary>Reads what gpg says with <c>--with-colons</c>.</summary>
    internal static IReadOnlySet<string> Parse(string text)
    {
        var (found, parts, opens) = (new HashSet<string>(StringComparer.OrdinalIgnoreCase), new List<string>(), false);
        foreach (var fields in text.Split('\n').Select(line => line.Split(':')))
        {
            if (fields is ["sec", ..])
            {
                End();
            }

            if (fields is ["fpr", ..] && fields.Length > Value)
            {
                parts.Add(fields[Value]);
            }

            // A primary key whose secret is kept elsewhere has this sign, and its subkeys decrypt all the same.
            opens |= fields is ["sec" or "ssb", ..] && fields.Length >= Fields && fields[Uses].Contains('e', StringComparison.Ordinal) && fields[Place] != "#";
        }

        End();
        return found;

        void End()
        {
            found.UnionWith(opens ? parts : []);
            (parts, opens) = ([], false);
        }
    }

    private static async Task<string> RunAsync(string program, CancellationToken cancellationToken)
    {
        try
        {
            return (await ProgramRun.RunAsync(program, ["--batch", "--with-colons", "--list-secret-keys"], input: null, Patience, cancellationToken)).Output;
        }
        catch (Exception error) when (error is TimeoutException or IOException)
        {
            return "";
        }
    }
}
