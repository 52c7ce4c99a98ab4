using System.Reflection;
using System.Runtime.InteropServices;
using System.Xml.Linq;
using Pipeline.Model.Native;
using Pipeline.TestServers;

namespace Pipeline.Model.Tests.Native;

public sealed class TorchAbiTests
{
    [Fact]
    public void Its_functions_are_those_that_the_P_Invokes_name() =>
        Assert.Equal(
            typeof(TorchAbi).Assembly.GetTypes()
                .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
                .Select(method => method.GetCustomAttribute<DllImportAttribute>())
                .Where(import => import?.Value == "torch_cpu")
                .Select(import => import!.EntryPoint)
                .Order(StringComparer.Ordinal),
            TorchAbi.Functions);

    [Fact]
    public void Its_version_is_that_of_the_package()
    {
        string version = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props"))
            .Descendants("PackageVersion").Single(package => package.Attribute("Include")!.Value == "libtorch-cpu-linux-x64").Attribute("Version")!.Value;

        Assert.StartsWith($"{TorchAbi.Version}.", version);
    }
}
