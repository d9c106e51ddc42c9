using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Cmdlets.Storage;

/// <summary>Base of the cmdlets that act on replications: one that is named in full, those of an application, what is piped in, or what a wildcard matches.</summary>
public abstract class ReplicationChangeCmdlet : NamespacedCmdlet
{
    /// <summary>Names of replications: <c>name</c>, <c>namespace/name</c>, <c>Kind/name</c>, <c>Kind/namespace/name</c> or references, with wildcards.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NameCompleter))]
    [SupportsWildcards]
    public ResourcePattern[] Name { get; set; } = [];

    /// <summary>Applications whose data is replicated.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AppCompleter))]
    [SupportsWildcards]
    public ResourcePattern[] App { get; set; } = [];

    private protected override bool IsChange => true;

    private protected ChangeJournal Journal { get; } = ChangeJournal.ForUser();

    /// <summary>The command line says what is meant in another way than by names.</summary>
    private protected virtual bool IsOtherwiseNamed => false;

    private protected override void Process()
    {
        if (InputObject is not null)
        {
            CollectNamed(_ => true, "replications");
        }
    }

    private protected override void End()
    {
        if (ParameterSetName == ByName)
        {
            if (Name.Length + App.Length == 0 && !IsOtherwiseNamed)
            {
                throw Core.Errors.NameRequired();
            }

            Act(FindClient(), new ObjectQuery { Names = Name, Namespaces = Namespaces }, []);
            return;
        }

        foreach (var (client, names) in CollectedByCluster())
        {
            Act(
                client,
                new ObjectQuery { Names = [.. names.Where(name => name.Cluster is null)], Namespaces = NamespacesOf(names) },
                [.. names.Where(name => name.Cluster is not null).Select(name => new ResourceReference(client.Name, name.Kind!, name.Namespace!, name.Name)).Distinct()]);
        }
    }

    /// <summary>Acts on what was found in one cluster.</summary>
    private protected abstract void Act(ClusterClient client, ObjectQuery objects, IReadOnlyList<ResourceReference> references);

    /// <summary>Leaves out what a literal name means several of; they are listed as an error.</summary>
    private protected IReadOnlyList<T> Unambiguous<T>(IReadOnlyList<T> found, ObjectQuery objects, Func<T, ResourceReference> reference, Func<T, string> app)
    {
        var left = found.ToList();
        foreach (var name in objects.Names.Where(name => !name.IsWildcard))
        {
            Drop(name, left.FindAll(item => name.Matches(reference(item).Kind, reference(item).Namespace, reference(item).Name)), matches => matches.Count > 1);
        }

        // Both sides of one application are meant by its name; the same name in two namespaces is two applications.
        foreach (var name in App.Where(name => !name.IsWildcard))
        {
            Drop(name, left.FindAll(item => name.Matches(name.Kind ?? "", reference(item).Namespace, app(item))), matches => matches.Select(item => reference(item).Namespace).Distinct().Skip(1).Any());
        }

        return left;

        void Drop(ResourcePattern name, List<T> matches, Func<List<T>, bool> isAmbiguous)
        {
            if (isAmbiguous(matches))
            {
                WriteFailure(Core.Errors.NameAmbiguous(name.Text, matches.Select(reference)));
                left.RemoveAll(matches.Contains);
            }
        }
    }

    /// <summary>Does something for each; what fails for one does not keep it from the others.</summary>
    private protected void ForEach<T>(IReadOnlyList<T> items, Action<T> act)
    {
        foreach (var item in items)
        {
            try
            {
                act(item);
            }
            catch (HomelabException error) when (!error.Terminates)
            {
                WriteFailure(error);
            }
        }
    }
}
