namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>
/// What users[].user.exec says. Run by us and not by KubernetesClient 21.0.8: that joins the arguments with blanks (one that
/// holds a blank falls apart), sends kind "ExecCredentials" where the plugins expect ExecCredential, knows no cluster
/// information, takes any line on stderr for a failure, needs reflection for its JSON and cannot be cancelled.
/// </summary>
internal sealed class ExecPlugin
{
    public const string V1 = "client.authentication.k8s.io/v1";
    public const string V1Beta1 = "client.authentication.k8s.io/v1beta1";

    public required string User { get; init; }

    public required string Command { get; init; }

    public required string ApiVersion { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    public string? InstallHint { get; init; }

    /// <summary>The cluster of the context, when the plugin wants to know it.</summary>
    public KubeConfigNode? Cluster { get; init; }

    /// <summary>The address that is in use, which the cluster's own text may leave incomplete.</summary>
    public required Uri Server { get; init; }

    public static ExecPlugin Read(KubeConfigNode exec, string user, string owner, KubeConfigNode cluster, Uri server)
    {
        string version = exec.GetText("apiVersion") ?? "";
        if (version is not (V1 or V1Beta1))
        {
            throw Errors.CredentialInvalid(owner, "exec", Errors.Text("Detail_ExecApiVersion"), exec.File);
        }

        string command = exec.GetText("command") ?? throw Errors.CredentialInvalid(owner, "exec", Errors.Text("Detail_ExecCommand"), exec.File);
        if (exec.GetText("interactiveMode") == "Always")
        {
            // A cmdlet has no standard input to lend.
            throw Errors.ExecPluginFailed(user, command, Errors.Text("Detail_ExecInteractive"), "");
        }

        // As kubectl: a bare name is looked for on PATH, a relative path counts from the kubeconfig's folder.
        if (command.Contains('/', StringComparison.Ordinal) || command.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            command = CredentialFile.FullPath(exec, command);
        }

        var environment = new List<KeyValuePair<string, string>>();
        foreach (KubeConfigNode item in exec.GetItems("env"))
        {
            string name = item.GetText("name") ?? throw Errors.CredentialInvalid(owner, "exec", Errors.Text("Detail_ExecArguments"), exec.File);
            environment.Add(new(name, item.GetText("value") ?? ""));
        }

        return new ExecPlugin
        {
            User = user,
            Command = command,
            ApiVersion = version,
            Arguments = exec.GetTexts("args"),
            Environment = environment,
            InstallHint = exec.GetText("installHint"),
            Cluster = exec.GetBoolean("provideClusterInfo") ? cluster : null,
            Server = server,
        };
    }

    /// <summary>The command only: arguments and environment may hold secrets.</summary>
    public override string ToString() => Command;
}
