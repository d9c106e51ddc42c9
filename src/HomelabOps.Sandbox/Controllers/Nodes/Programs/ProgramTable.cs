using HomelabOps.Sandbox.Controllers.Nodes.Programs.Shell;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>The programs that containers find in their path. Others can be added, before anything runs.</summary>
internal sealed class ProgramTable
{
    private readonly Dictionary<string, SimulatedProgram> _programs = new(StringComparer.Ordinal);

    public ProgramTable()
    {
        ArchivePrograms.AddTo(this);
        ChangePrograms.AddTo(this);
        FilePrograms.AddTo(this);
        FileSystemPrograms.AddTo(this);
        FindProgram.AddTo(this);
        HttpPrograms.AddTo(this);
        NetworkPrograms.AddTo(this);
        ProcessPrograms.AddTo(this);
        TextPrograms.AddTo(this);
        SystemPrograms.AddTo(this);
        Add("sh", ShellProgram.RunAsync);
        Add("ash", ShellProgram.RunAsync);
        Add("bash", ShellProgram.RunAsync);
    }

    public void Add(string name, SimulatedProgram program) => _programs[name] = program;

    /// <summary>The program of this name or path, or null.</summary>
    public SimulatedProgram? Find(string name) => _programs.GetValueOrDefault(name[(name.LastIndexOf('/') + 1)..]);
}
