using HomelabOps.HelpBuilder.Commands;

namespace HomelabOps.HelpBuilder.Tests;

/// <summary>A folder with pages, and the generator run over it and the cmdlets of this assembly.</summary>
internal sealed class Workbench : IDisposable
{
    public static readonly string ThisAssembly = typeof(Workbench).Assembly.Location;

    public static readonly IReadOnlyList<CommandModel> Commands = AssemblyReader.Read(ThisAssembly, []);

    private readonly string _root = Directory.CreateTempSubdirectory("helpbuilder").FullName;

    public Workbench()
    {
        Directory.CreateDirectory(Pages);
        Directory.CreateDirectory(Topics);
    }

    public string Pages => Path.Combine(_root, "cmdlets");

    public string Topics => Path.Combine(_root, "about");

    public string Output => Path.Combine(_root, "out");

    public string Maml => File.ReadAllText(Path.Combine(Output, "HomelabOps.HelpBuilder.Tests.dll-Help.xml"));

    /// <summary>The golden page, for a test to break in one place.</summary>
    public static string GoodPage => File.ReadAllText(Golden("Get-Thing.md"));

    public static string Golden(string file) => Path.Combine(AppContext.BaseDirectory, "Golden", file);

    public static CommandModel Command(string name) => Assert.Single(Commands, c => c.Name == name);

    public Workbench Page(string name, string text)
    {
        File.WriteAllText(Path.Combine(Pages, name), text);
        return this;
    }

    public Workbench Topic(string name, string text)
    {
        File.WriteAllText(Path.Combine(Topics, name), text);
        return this;
    }

    public IReadOnlyList<Diagnostic> Run(bool complete = false)
    {
        var diagnostics = new Diagnostics();
        new Generator(new Options(ThisAssembly, Output) { Pages = Pages, Topics = Topics, Complete = complete }, diagnostics).Run();
        return diagnostics.All;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
