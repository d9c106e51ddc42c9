using System.Reflection;

namespace HomelabOps.Bench.Hosting;

/// <summary>
/// Edits by the module's own Core in a repository that was read before, which no command shows: each reads the repository anew. It is
/// in the load context of the module, so its types are called by their names. Nothing is written.
/// </summary>
internal sealed class HostedEdits
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly Assembly _core = AppDomain.CurrentDomain.GetAssemblies().First(assembly => assembly.GetName().Name == "HomelabOps.Core");
    private readonly object _view;

    /// <summary>Reads and builds the repository in a folder. A command of the module must have run.</summary>
    public HostedEdits(string root)
    {
        var noPatterns = Array.CreateInstance(Find("GitOps.Effective.ValuePattern"), 0);
        _view = Call(Find("GitOps.Effective.ManifestView"), null, "Read", Make("GitOps.Kustomize.DiskFiles", root), noPatterns, CancellationToken.None);
    }

    /// <summary>Works out another number of pods for an application, with the proof.</summary>
    public void Scale(string app, int replicas)
    {
        var target = Make("Applications.Edits.AppTarget");
        var name = target.GetType().GetProperty("App")!;
        name.SetValue(target, Activator.CreateInstance(name.PropertyType, app));
        var trial = Make("Applications.Edits.AppTrial", _view, Call(target.GetType(), target, "Find", _view, ""), false);
        var edit = Make("Applications.Edits.SetReplicasEdit", target, replicas, null!);
        edit.GetType().GetMethod("Change", Any)!.Invoke(edit, [trial]);
        if (Call(trial.GetType(), trial, "Finish") is not System.Collections.ICollection { Count: 1 })
        {
            throw new BenchException($"The edit of {app} did not change one file.");
        }
    }

    private Type Find(string name) => _core.GetType($"HomelabOps.Core.{name}", throwOnError: true)!;

    private object Make(string name, params object[] arguments) => Activator.CreateInstance(Find(name), Any, null, arguments, null)!;

    private static object Call(Type type, object? self, string method, params object[] arguments) => type.GetMethod(method, Any)!.Invoke(self, arguments)!;
}
