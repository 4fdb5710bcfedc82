// What every notebook starts from: #!import setup.cs. FlowKit's own engine has these libraries already; other kernels load the built ones.
#r "../artifacts/bin/FlowKit.Cli/release/FlowKit.dll"
#r "../artifacts/bin/FlowKit.Cli/release/FlowKit.Interactive.dll"
#r "../artifacts/bin/FlowKit.Cli/release/TorchSharp.dll"
#r "../artifacts/bin/FlowKit.Cli/release/Microsoft.Data.Analysis.dll"
#r "../artifacts/bin/FlowKit.Cli/release/Plotly.NET.dll"
#r "../artifacts/bin/FlowKit.Cli/release/Plotly.NET.CSharp.dll"
#r "../artifacts/bin/FlowKit.Cli/release/FSharp.Core.dll"

using System;
using System.Collections.Generic;
using System.Linq;
using FlowKit;
using FlowKit.Conditioners;
using FlowKit.Data;
using FlowKit.Distributions;
using FlowKit.Experiments;
using FlowKit.Inference;
using FlowKit.Integration;
using FlowKit.Interactive;
using FlowKit.Models;
using FlowKit.Training;
using FlowKit.Transforms;
using TorchSharp;
using static TorchSharp.torch;

FlowKitExtension.Load();
