// Where the gateway is, and who logs in. An app asks its user.
import { Client } from "./client.ts";

const { POSTERN_URL, POSTERN_USER = "demo", POSTERN_PASSWORD = "demo", POSTERN_ADDRESS } = process.env;

export const address = POSTERN_ADDRESS ?? "demo@example.org";
export const client = new Client(POSTERN_URL ?? "http://localhost:8080");
export const logIn = () => client.logIn(POSTERN_USER, POSTERN_PASSWORD);
export const logOut = () => client.call("DELETE", "/sessions/current");
