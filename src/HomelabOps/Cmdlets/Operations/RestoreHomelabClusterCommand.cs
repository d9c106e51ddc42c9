using System.Management.Automation;
using HomelabOps.Core.GitOps;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Recovery.Restoring;
using HomelabOps.Core.Ssh;

namespace HomelabOps.Cmdlets.Operations;

/// <summary>Brings a cluster back from Git: Flux as the repository has it, and all that Flux makes of it.</summary>
[Cmdlet(VerbsData.Restore, "HomelabCluster", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, HelpUri = HelpPages.Root + "Restore-HomelabCluster.md")]
[OutputType(typeof(RecoveryResult))]
[RequiresAccess("*", "*", "*")]
public sealed class RestoreHomelabClusterCommand : RepositoryCmdlet
{
    /// <summary>The folder of the cluster in the repository.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "the one that has flux-system")]
    public string? Path { get; set; }

    /// <summary>The branch of the remote.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "that of the working copy, or the remote's own")]
    public string? Branch { get; set; }

    /// <summary>User and token by which Flux reads the repository; with -KeyFile the passphrase.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>File with the certificate of the authority that signs the server's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CertificateAuthorityFile { get; set; }

    /// <summary>File with the private key by which Flux reads the repository.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? KeyFile { get; set; }

    /// <summary>Also over a Flux that follows another repository, and a Secret of other content.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Seconds that all of it may take.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 900;

    private protected override bool IsChange => true;

    private protected override void End()
    {
        var (client, config) = (FindClient(), Config());
        var location = RepositoryFolder.Locate(Repository, FullPath, client, config, WorkingFolder);
        var options = new RestoreOptions
        {
            Client = client,
            Config = config,
            Repository = Branch is null ? location : RestoreLocation.OnBranch(location, Branch),
            Path = Path,
            Journal = ChangeJournal.ForUser(),
            Login = Login(location),
            Force = Force,
            Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
        };
        var plan = Await(stop => RestorePlan.MakeAsync(options, stop));
        CheckLogin(plan, options.Login);
        foreach (var warning in plan.Warnings)
        {
            WriteWarning(warning);
        }

        if (ShouldProcess(Messages.RestoreCluster(client.Name, plan), Messages.RestoreClusterQuestion(client.Name, plan), Messages.Confirm))
        {
            options = options.Login is null && plan.MissingSecret is { } secret ? options with { Login = Ask(secret, plan.Install.Url) } : options;
            Drain(stop => new ClusterRestorer(options, plan).RunAsync(stop));
        }
    }

    // What would be lacking keeps nobody from seeing what would be done.
    private void CheckLogin(RestorePlan plan, SourceLogin? login)
    {
        try
        {
            plan.CheckLogin(login, !IsTried, KnownHosts.OfUser());
        }
        catch (Core.HomelabException error) when (IsTried && error.Id == nameof(Core.Errors.RecoveryCredentialRequired))
        {
            WriteWarning(error.Message);
        }
    }

    // Then nobody is asked for what is missing.
    private bool IsTried => MyInvocation.BoundParameters.TryGetValue("WhatIf", out var tried) ? tried is SwitchParameter { IsPresent: true } : LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference"));

    private SourceLogin? Login(RepositoryLocation location)
    {
        var (file, authority) = (FullPath(KeyFile), FullPath(CertificateAuthorityFile));
        RestoreLocation.CheckOutside(location, file, KeyFile);
        return file is null && authority is null && Credential is null ? null : new(Credential?.GetNetworkCredential(), file) { AuthorityFile = authority };
    }

    // Who cannot be asked is told by the error of the step.
    private SourceLogin? Ask(string secret, string url)
    {
        try
        {
            return SourceAddress.IsSsh(url) ? null : Host.UI.PromptForCredential(secret, url, "git", secret) is { } typed ? new(typed.GetNetworkCredential(), null) : null;
        }
        catch (Exception error) when (AbsentUser.IsTheCause(error))
        {
            return null;
        }
    }
}
