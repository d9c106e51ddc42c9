using HomelabOps.Core.Kubernetes.Probing;

namespace HomelabOps.Core.Diagnosis.Nodes;

/// <summary>
/// What reads the certificates of k3s from within a node, for any shell of the Bourne family. Of each file the first one, which is its own;
/// what is beside it, such as a key, is not written to the log.
/// </summary>
internal static class NodeCertificateScript
{
    /// <summary>The line that the report ends with.</summary>
    public const string End = "@end";

    /// <summary>Begins the line before each certificate; the path follows.</summary>
    public const string File = "@file ";

    /// <summary>Where k3s keeps them.</summary>
    public const string Folder = "/var/lib/rancher/k3s";

    private const string Text = """
        cd "$1" 2>/dev/null || { echo "@end"; exit 0; }
        for file in agent/*.crt server/tls/*.crt server/tls/*/*.crt; do
          if [ ! -f "$file" ]; then continue; fi
          echo "@file $file"
          inside=0
          while read -r line || [ -n "$line" ]; do
            case $line in *BEGIN?CERTIFICATE-*) inside=1 ;; esac
            if [ $inside = 1 ]; then echo "$line"; fi
            case $line in *END?CERTIFICATE-*) break ;; esac
          done < "$file"
        done
        echo "@end"
        """;

    /// <summary>The command of a probe pod.</summary>
    public static IReadOnlyList<string> Command { get; } = ["sh", "-c", Text.Replace("\r", "", StringComparison.Ordinal), ProbePodSpec.Container, ProbePodSpec.HostRoot + Folder];
}
